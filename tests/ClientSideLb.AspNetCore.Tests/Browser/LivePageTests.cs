using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests.Browser;

public sealed partial class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string[] States = ["Healthy", "Unknown", "Unhealthy", "Ejected", "Draining"];

    [Fact]
    public async Task It_loads_without_a_complaint_of_the_browser()
    {
        await using var app = await TestApp.StartAsync(3);
        await using var page = await LivePage.OpenAsync(chromium, app);

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "orders" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Endpoints of orders" })).ToBeVisibleAsync();
        foreach (var backend in app.Backends)
        {
            await Assertions.Expect(page.Row(backend)).ToBeVisibleAsync();
        }

        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Numbers_move()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);
        await Assertions.Expect(page.Cell(app.Backends[0], "rate")).ToHaveTextAsync("0.0");

        await app.SendAsync(40);

        await Assertions.Expect(page.Cell(app.Backends[0], "rate")).ToHaveTextAsync("2.0");
        await Assertions.Expect(page.Cell(app.Backends[0], "share")).ToHaveTextAsync("50%");
        await Assertions.Expect(page.Cell(app.Backends[0], "p50")).ToHaveTextAsync(new Regex(@"^[\d.]+ ms$"));
        await Assertions.Expect(page.Cell(app.Backends[0], "errors")).ToHaveTextAsync("0%");
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Healthy");
        await Assertions.Expect(page.Row(app.Backends[0]).GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(new Regex("to [1-9][0-9]* requests a second"));
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task An_outage_and_the_return_become_visible()
    {
        await using var app = await TestApp.StartAsync(
            3,
            static options =>
            {
                options.ActiveHealthCheck.Enabled = true;
                options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(200);
                options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(200);
            });
        await using var page = await LivePage.OpenAsync(chromium, app);
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Healthy");

        await app.Backends[0].StopAsync();
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Unhealthy", new() { Timeout = 15_000 });
        await Assertions.Expect(page.Cell(app.Backends[0], "reason")).ToContainTextAsync("failed");
        await Assertions.Expect(page.Page.Locator("[data-field=available]")).ToHaveTextAsync("2 of 3");
        await Assertions.Expect(page.Page.Locator("#announcer")).ToContainTextAsync($"{app.Backends[0].Name} is unhealthy");

        await app.Backends[0].StartAsync();
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Healthy", new() { Timeout = 15_000 });
        await Assertions.Expect(page.Cell(app.Backends[0], "reason")).ToBeEmptyAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task An_ejected_backend_shows_why_and_the_time_that_is_left()
    {
        await using var app = await TestApp.StartAsync(2, static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMinutes(1));
        app.Backends[0].AnswerWith(503);
        await using var page = await LivePage.OpenAsync(chromium, app);

        await app.SendAsync(10);

        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Ejected");
        await Assertions.Expect(page.Cell(app.Backends[0], "reason")).ToHaveTextAsync(TimeLeft());
        var first = await SecondsLeftAsync(page, app);
        await Eventually.True(async () => await SecondsLeftAsync(page, app) < first, "the time left is less");
    }

    [Fact]
    public async Task Panic_is_told()
    {
        await using var app = await TestApp.StartAsync(2, static options => options.PanicThreshold = 0.9);
        app.Backends[0].AnswerWith(503);
        await using var page = await LivePage.OpenAsync(chromium, app);
        await Assertions.Expect(page.Page.GetByText("Panic:")).ToBeHiddenAsync();

        await app.SendAsync(10);

        await Assertions.Expect(page.Page.GetByText("Panic:")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_backend_is_drained_and_resumed_with_the_keyboard_alone()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);

        // From the top of the page: what is for all of it, then the buttons of the rows.
        await page.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Only those out" })).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" })).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Button(app.Backends[0], "Drain")).ToBeFocusedAsync();

        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Draining");
        Assert.Equal(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
        await app.SendAsync(4);
        Assert.Equal(0, app.Backends[0].Requests);

        // The focus has stayed where it was, on what is now the way back.
        await Assertions.Expect(page.Button(app.Backends[0], "Resume")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Button(app.Backends[0], "Drain")).ToBeFocusedAsync();
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_page_whose_token_has_become_old_gets_a_new_one_by_itself()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);
        await page.Page.Context.ClearCookiesAsync();

        await page.Button(app.Backends[0], "Drain").ClickAsync();

        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Draining");
    }

    [Fact]
    public async Task A_change_that_fails_is_told_where_it_was_asked_for()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);
        await page.Page.RouteAsync("**/drain", static route => route.FulfillAsync(new() { Status = 404 }));

        await page.Button(app.Backends[0], "Drain").ClickAsync();

        await Assertions.Expect(page.Row(app.Backends[0]).GetByRole(AriaRole.Alert)).ToHaveTextAsync("Not done: the endpoint is not there any more.");
    }

    [Fact]
    public async Task A_request_of_the_browser_without_the_token_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);

        var status = await page.Page.EvaluateAsync<int>(
            """
            async endpoint => (await fetch("drain", {
              method: "POST",
              headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ client: "orders", service: "orders", endpoint }),
            })).status
            """,
            app.Backends[0].Name);

        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.NotEqual(EndpointHealth.Draining, app.EndpointOf(app.Backends[0]).Health);
    }

    [Fact]
    public async Task Where_changes_are_not_allowed_there_is_no_button_for_them()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapLoadBalancing(TestApp.Path));
        await using var page = await LivePage.OpenAsync(chromium, app);

        await Assertions.Expect(page.Row(app.Backends[0])).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button)).ToHaveTextAsync(["Only those out", "Pause updates"]);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task An_application_that_does_not_map_it_shows_nothing()
    {
        await using var app = await TestApp.StartAsync(map: static _ => { });

        await AssertNothingIsShownAsync(app, StatusCodes.Status404NotFound);
    }

    [Fact]
    public async Task Who_is_not_authorized_sees_nothing()
    {
        await using var app = await TestApp.StartAsync(
            services: static services => services.AddNobody(),
            map: static app => app.MapLoadBalancing(TestApp.Path).RequireAuthorization());

        await AssertNothingIsShownAsync(app, StatusCodes.Status401Unauthorized);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_told_and_numbers_move_again_when_it_is_back()
    {
        var cable = new Cable();
        await using var app = await TestApp.StartAsync(map: app =>
        {
            app.Use(next => context => cable.PassAsync(context, next));
            app.MapLoadBalancing(TestApp.Path);
        });
        await using var page = await LivePage.OpenAsync(chromium, app);

        cable.Cut();
        await Assertions.Expect(page.Connection).ToContainTextAsync("Connection lost", new() { Timeout = 20_000 });
        await Assertions.Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(1);

        cable.Mend();
        app.Cluster.TryDrain(app.Backends[0].Address);
        await Assertions.Expect(page.Connection).ToHaveTextAsync("Live", new() { Timeout = 20_000 });
        await Assertions.Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Draining");
    }

    [Fact]
    public async Task Updates_can_be_paused_and_continued()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).ClickAsync();
        await Assertions.Expect(page.Connection).ToContainTextAsync("Paused at");
        app.Cluster.TryDrain(app.Backends[0].Address);
        Assert.NotEqual("Draining", await page.Cell(app.Backends[0], "health").TextContentAsync());

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Continue updates" }).ClickAsync();
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Draining");
    }

    [Fact]
    public async Task Updates_leave_the_page_in_place()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app);
        var row = await page.Row(app.Backends[0]).ElementHandleAsync();

        await app.SendAsync(20);
        await Assertions.Expect(page.Cell(app.Backends[0], "rate")).ToHaveTextAsync("1.0");

        Assert.True(await row.EvaluateAsync<bool>("row => row.isConnected"));
    }

    [Fact]
    public async Task An_address_stands_in_the_middle_of_its_row_where_there_is_no_zone()
    {
        await using var app = await TestApp.StartAsync();
        await using var page = await LivePage.OpenAsync(chromium, app, new() { ViewportSize = new() { Width = 1000, Height = 800 } });

        var row = (await page.Row(app.Backends[0]).BoundingBoxAsync())!;
        var address = (await page.Cell(app.Backends[0], "address").BoundingBoxAsync())!;

        Assert.Equal(row.Y + (row.Height / 2), address.Y + (address.Height / 2), tolerance: 2f);
    }

    [Fact]
    public async Task Of_a_hundred_endpoints_only_what_has_changed_is_written()
    {
        await using var app = await TestApp.StartAsync(1, static options =>
        {
            for (var i = 0; i < 99; i++)
            {
                options.Endpoints.Add(new EndpointOptions { Address = new Uri($"http://10.0.0.{i + 1}:8080") });
            }
        });
        await using var page = await LivePage.OpenAsync(chromium, app);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(101);
        await page.Page.EvaluateAsync(
            """
            () => {
              window.writes = 0;
              new MutationObserver(records => { window.writes += records.length; })
                .observe(document.getElementById("clusters"), { subtree: true, childList: true, characterData: true, attributes: true });
            }
            """);

        app.Cluster.TryDrain(app.Backends[0].Address);
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Draining");

        // One row, its health, reason and share, the shares of the others, and the head's count.
        Assert.InRange(await page.Page.EvaluateAsync<int>("window.writes"), 5, 250);
        await page.Page.EvaluateAsync("window.writes = 0");
        await Assertions.Expect(page.Connection).ToHaveTextAsync("Live");
        app.Cluster.TryResume(app.Backends[0].Address);
        await Assertions.Expect(page.Cell(app.Backends[0], "health")).ToHaveTextAsync("Unknown");
        Assert.InRange(await page.Page.EvaluateAsync<int>("window.writes"), 5, 250);
    }

    [Fact]
    public async Task The_names_of_the_columns_stay_in_view_down_a_long_table()
    {
        await using var app = await TestApp.StartAsync(1, static options =>
        {
            for (var i = 0; i < 99; i++)
            {
                options.Endpoints.Add(new EndpointOptions { Address = new Uri($"http://10.0.0.{i + 1}:8080") });
            }
        });
        await using var page = await LivePage.OpenAsync(chromium, app);

        await page.Button(app.Backends[0], "Drain").ScrollIntoViewIfNeededAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "orders" })).Not.ToBeInViewportAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Errors" })).ToBeInViewportAsync();
    }

    [Fact]
    public async Task The_endpoints_that_are_out_can_be_shown_alone()
    {
        await using var app = await TestApp.StartAsync(3);
        app.Cluster.TryDrain(app.Backends[1].Address);
        await using var page = await LivePage.OpenAsync(chromium, app);
        var toggle = page.Page.GetByRole(AriaRole.Button, new() { Name = "Only those out" });

        await toggle.ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Only those out", Pressed = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync([app.Backends[1].Name]);

        // One that goes out meanwhile comes to be seen; one that is resumed stays while the focus is on it.
        app.Cluster.TryDrain(app.Backends[2].Address);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync([app.Backends[1].Name, app.Backends[2].Name]);
        await page.Button(app.Backends[1], "Resume").ClickAsync();
        await Assertions.Expect(page.Button(app.Backends[1], "Drain")).ToBeFocusedAsync();

        await toggle.ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Shares_are_drawn_to_the_scale_of_the_largest_so_that_small_ones_can_be_told_apart()
    {
        await using var app = await TestApp.StartAsync(4);
        await using var page = await LivePage.OpenAsync(chromium, app);

        await app.SendAsync(40);

        await Assertions.Expect(page.Cell(app.Backends[0], "share")).ToHaveTextAsync("25%");
        await Assertions.Expect(page.Row(app.Backends[0]).Locator(".fill")).ToHaveAttributeAsync("width", WideBar());
    }

    [Fact]
    public async Task What_allows_changes_is_asked_for_again_when_a_lost_connection_is_back()
    {
        var cable = new Cable();
        var isBroken = true;
        await using var app = await TestApp.StartAsync(map: app =>
        {
            app.Use(next => context =>
            {
                if (isBroken && context.Request.Path.Value!.EndsWith("/clusters", StringComparison.Ordinal))
                {
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    return Task.CompletedTask;
                }

                return cable.PassAsync(context, next);
            });
            app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true);
        });
        await using var page = await LivePage.OpenAsync(chromium, app);
        await Assertions.Expect(page.Row(app.Backends[0])).ToBeVisibleAsync();
        await Assertions.Expect(page.Button(app.Backends[0], "Drain")).ToBeHiddenAsync();

        isBroken = false;
        cable.Cut();
        await Assertions.Expect(page.Connection).ToContainTextAsync("Connection lost", new() { Timeout = 20_000 });
        cable.Mend();

        await Assertions.Expect(page.Button(app.Backends[0], "Drain")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Names_that_look_like_markup_are_text()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        await using var app = await TestApp.StartAsync(1, client: Hostile);
        await using var page = await LivePage.OpenAsync(chromium, app);

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = Hostile })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("img")).ToHaveCountAsync(0);
        Assert.Empty(page.Faults);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_its_ground(ColorScheme scheme)
    {
        await using var app = await TestApp.StartAsync(4, static options => options.PanicThreshold = 0.9);
        app.Backends[0].AnswerWith(503);
        app.Cluster.TryDrain(app.Backends[1].Address);
        await app.SendAsync(30);
        await using var page = await LivePage.OpenAsync(chromium, app, new() { ColorScheme = scheme });
        await Assertions.Expect(page.Page.GetByText("Panic:")).ToBeVisibleAsync();

        var faint = await page.Page.EvaluateAsync<string[]>(Contrast.Script);

        Assert.Empty(faint);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    public async Task No_part_of_the_page_is_beside_the_screen(int width)
    {
        await using var app = await TestApp.StartAsync(3, static options => options.ActiveHealthCheck.Enabled = true);
        app.Backends[0].AnswerWith(503);
        await app.SendAsync(20);
        await using var page = await LivePage.OpenAsync(chromium, app, new() { ViewportSize = new() { Width = width, Height = 800 } });

        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await Assertions.Expect(page.Button(app.Backends[0], "Drain")).ToBeInViewportAsync(new() { Ratio = 0 });
        var box = (await page.Button(app.Backends[2], "Drain").BoundingBoxAsync())!;
        Assert.InRange(box.X + box.Width, 0, width);
    }

    [Fact]
    public async Task Health_is_told_by_more_than_a_colour()
    {
        await using var app = await TestApp.StartAsync();
        app.Cluster.TryDrain(app.Backends[0].Address);
        await using var page = await LivePage.OpenAsync(chromium, app);

        var shapes = await page.Page.Locator("[data-field=shape]").AllTextContentsAsync();
        var words = await page.Page.Locator("[data-field=health]").AllTextContentsAsync();

        Assert.Equal(2, shapes.Distinct().Count());
        Assert.All(words, static word => Assert.Contains(word, States));
    }

    private async Task AssertNothingIsShownAsync(TestApp app, int status)
    {
        var page = await chromium.NewPageAsync();
        var statuses = new List<int>();
        page.Response += (_, response) => statuses.Add(response.Status);

        // A browser shows a page of its own where there is no body, and calls that an error.
        await Record.ExceptionAsync(() => page.GotoAsync(new Uri(app.Address, TestApp.Path).ToString()));

        Assert.Equal([status], statuses);
        await Assertions.Expect(page.GetByText("orders")).ToHaveCountAsync(0);
    }

    [GeneratedRegex(@"^9\d\.\d$")]
    private static partial Regex WideBar();

    [GeneratedRegex(@"^5 requests in a row failed; \d+ s left$")]
    private static partial Regex TimeLeft();

    private static async Task<int> SecondsLeftAsync(LivePage page, TestApp app)
    {
        var reason = await page.Cell(app.Backends[0], "reason").TextContentAsync();
        return int.Parse(Regex.Match(reason!, @"(\d+) s left").Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
