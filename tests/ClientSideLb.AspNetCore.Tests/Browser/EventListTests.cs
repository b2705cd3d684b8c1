using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The list of the last events on the page.</summary>
public sealed partial class EventListTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_page_that_is_opened_late_lists_what_was_before_and_follows_what_comes()
    {
        await using var page = await LivePage.OpenAsync(chromium, 3, browser: new() { TimezoneId = "Asia/Tokyo", Locale = "de-DE" });
        await page.App.EjectAsync(page.Backends[0]);
        await page.Page.ReloadAsync();
        var rows = page.Page.Locator("#event-rows tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync($"{page.Backends[0].Name} ejected for ");
        await Expect(rows.First).ToContainTextAsync("5 requests in a row failed");
        await Expect(rows.Last).ToContainTextAsync("came: ");

        page.App.Cluster.TryDrain(page.Backends[1].Address);

        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.First).ToContainTextAsync($"{page.Backends[1].Name} drained");
        await Expect(rows.First).ToContainTextAsync("it was drained by hand");

        // The time is that of the viewer's place, in the viewer's language, and the tooltip has the one in UTC.
        var time = rows.First.Locator("time");
        await Expect(time).ToHaveTextAsync(LocalTime());
        await Expect(time).ToHaveAttributeAsync("title", UtcTime());
        var utc = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith(utc.ToOffset(TimeSpan.FromHours(9)).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), await time.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_list_is_a_table_with_a_name_and_can_be_folded_up_with_the_keyboard()
    {
        await using var page = await LivePage.OpenAsync(chromium, 1);
        var table = page.Page.GetByRole(AriaRole.Table, new() { Name = "The last events of all clusters, the latest first" });
        await Expect(table).ToBeVisibleAsync();
        await Expect(table.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["When", "Service", "What", "Why"]);

        await page.Page.Locator("#events summary").FocusAsync();
        await page.PressAsync("Enter");
        await Expect(table).ToBeHiddenAsync();
        await page.PressAsync("Enter");
        await Expect(table).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_event_that_is_listed_is_not_written_again()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2);
        await Expect(page.Page.Locator("#event-rows tr")).ToHaveCountAsync(1);
        await page.Page.EvaluateAsync(
            "() => { window.changes = 0; new MutationObserver(list => window.changes += list.length).observe(document.getElementById('event-rows'), { childList: true, subtree: true, characterData: true, attributes: true }); }");

        // Another part of the page shows that there was an update.
        await page.ExpectAsync(page.Backends[0], "rate", "0.0");
        await page.App.SendAsync(40);
        await Expect(page.GetCell(page.Backends[0], "rate")).Not.ToHaveTextAsync("0.0");

        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => window.changes"));
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d$")]
    private static partial Regex LocalTime();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$")]
    private static partial Regex UtcTime();
}
