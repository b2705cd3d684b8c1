using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The page of a cluster with priorities and zones.</summary>
public sealed class LevelPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Each_level_has_a_heading_with_its_share_before_its_endpoints()
    {
        await using var page = await LivePage.OpenAsync(chromium, 6, UseLevels);
        await Expect(Rows(page)).ToHaveTextAsync(
        [
            "Priority 0, own zone gets 100% of the requests, 2 of 2 available",
            $"{page.Backends[3].Name} zone eu-1a",
            $"{page.Backends[5].Name} zone eu-1a",
            "Priority 0, other zones gets 0% of the requests, 2 of 2 available",
            $"{page.Backends[2].Name} zone eu-1b",
            $"{page.Backends[4].Name} zone eu-1b",
            "Priority 1 gets 0% of the requests, 2 of 2 available",
            $"{page.Backends[0].Name} zone eu-1b",
            $"{page.Backends[1].Name} zone eu-1b",
        ]);

        page.App.Cluster.TryDrain(page.Backends[3].Address);

        await Expect(Headings(page)).ToHaveTextAsync(
        [
            "Priority 0, own zone gets 70% of the requests, 1 of 2 available",
            "Priority 0, other zones gets 30% of the requests, 2 of 2 available",
            "Priority 1 gets 0% of the requests, 2 of 2 available",
        ]);
        await page.ExpectAsync(page.Backends[5], "fairShare", "fair 70%");
        await page.ExpectAsync(page.Backends[4], "fairShare", "fair 15%");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Levels_of_one_priority_are_named_by_their_zones()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2, static options => UseZones(options, "a", "b"));

        await Expect(Headings(page)).ToHaveTextAsync([Starting("Own zone gets 100%"), Starting("Other zones gets 0%")]);
    }

    [Fact]
    public async Task A_cluster_of_one_level_has_no_heading()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2, static options => UseZones(options, "b", "b"));

        await Expect(Rows(page)).ToHaveTextAsync([$"{page.Backends[0].Name} zone b", $"{page.Backends[1].Name} zone b"]);
        await Expect(Headings(page)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_subset_is_shown_with_the_number_of_listed_endpoints()
    {
        await using var page = await LivePage.OpenAsync(chromium, 5, static options => (options.Subset.Size, options.Subset.ClientId) = (2, "pod-1"));

        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(page.Page.Locator("[data-field=subset]")).ToHaveTextAsync("2 of 5");
    }

    [Fact]
    public async Task A_limit_stands_beside_the_requests_in_flight_and_the_requests_that_wait_in_the_head()
    {
        await using var page = await LivePage.OpenAsync(chromium, 1, static options => (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit, options.Concurrency.QueueTimeout) = (1, 5, TimeSpan.FromMinutes(1)));
        await page.ExpectAsync(page.Backends[0], "inFlight", "0 of 1");
        await Expect(page.Page.GetByText("Waiting for room")).ToBeHiddenAsync();

        var mayAnswer = new TaskCompletionSource();
        page.Backends[0].Answer = _ => mayAnswer.Task;
        var sent = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => page.App.SendAsync(1)));
        await page.ExpectAsync(page.Backends[0], "inFlight", "1 of 1");
        await Expect(page.Page.Locator("[data-field=queued]")).ToHaveTextAsync("2");

        mayAnswer.SetResult();
        await sent;
        await page.ExpectAsync(page.Backends[0], "inFlight", "0 of 1");
        await Expect(page.Page.GetByText("Waiting for room")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_client_that_uses_all_endpoints_shows_no_subset()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2);

        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(page.Page.GetByText("Subset")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Endpoints_that_are_no_longer_listed_come_last_under_a_heading_of_their_own()
    {
        await using var page = await LivePage.OpenAsync(chromium, 6, UseLevels);
        var (first, second) = (page.Backends[0], page.Backends[1]);

        // They belong to no level. The page reads its data without events, because only that answer can be changed on its way.
        await page.Page.RouteAsync("**/events", static route => route.FulfillAsync(new() { Status = 503 }));
        await page.Page.RouteAsync("**/clusters", static async route =>
        {
            var answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace("\"level\":2", "\"level\":null", StringComparison.Ordinal) });
        });
        await page.Page.ReloadAsync();

        await Expect(Rows(page).Filter(new() { HasNotText = "eu-1a" })).ToHaveTextAsync(
        [
            Starting("Priority 0, own zone"),
            Starting("Priority 0, other zones"),
            Starting(page.Backends[2].Name),
            Starting(page.Backends[4].Name),
            Starting("No longer listed"),
            Starting($"{first.Name} zone eu-1b, priority 1"),
            Starting($"{second.Name} zone eu-1b, priority 1"),
        ]);
    }

    [Fact]
    public async Task The_headings_stay_when_the_endpoints_that_are_available_are_hidden()
    {
        await using var page = await LivePage.OpenAsync(chromium, 6, UseLevels);
        page.App.Cluster.TryDrain(page.Backends[2].Address);

        await page.GetButton("Hide available").ClickAsync();

        await Expect(Rows(page)).ToHaveTextAsync([Starting("Priority 0, own"), Starting("Priority 0, other"), Starting(page.Backends[2].Name), Starting("Priority 1")]);
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task The_headings_fit_the_screen_and_can_be_read(int width, ColorScheme scheme)
    {
        await using var page = await LivePage.OpenAsync(
            chromium, 6, UseLevels, browser: new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
        page.App.Cluster.TryDrain(page.Backends[3].Address);
        await page.App.SendAsync(40);
        await page.ExpectAsync(page.Backends[5], "health", "Healthy");
        await Expect(Headings(page).First).ToContainTextAsync("gets 70%");

        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Contrast.Script));
        var cluster = (await page.Page.Locator(".cluster").BoundingBoxAsync())!;
        var heading = (await page.Page.Locator(".level").First.BoundingBoxAsync())!;
        Assert.Equal(cluster.Width, heading.Width, tolerance: 3f);
    }

    // Two endpoints in each of the levels, in another order than that of their addresses.
    private static void UseLevels(LoadBalancingOptions options)
    {
        UseZones(options, "eu-1b", "eu-1b", "eu-1b", "eu-1a", "eu-1b", "eu-1a");
        options.Zone = "eu-1a";
        options.Endpoints[0].Priority = options.Endpoints[1].Priority = 1;
    }

    private static void UseZones(LoadBalancingOptions options, params string[] zones)
    {
        options.Zone = "a";
        foreach (var (index, endpoint) in options.Endpoints.Index())
        {
            endpoint.Zone = zones[index];
        }
    }

    private static ILocator Rows(LivePage page) => page.Page.GetByRole(AriaRole.Rowheader);

    private static ILocator Headings(LivePage page) => page.Page.Locator(".level th");

    private static Regex Starting(string text) => new($"^{Regex.Escape(text)}");
}
