using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClientSideLb.AspNetCore.Tests.Browser;

public sealed partial class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task The_page_loads_without_a_complaint_of_the_browser()
    {
        await using var page = await LivePage.OpenAsync(chromium, 3);

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "orders" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Table, new() { Name = "Endpoints of orders" })).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(page.Backends.Select(static backend => backend.Name));
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_numbers_follow_the_traffic()
    {
        await using var page = await LivePage.OpenAsync(chromium, 4);
        var backend = page.Backends[0];
        await page.ExpectAsync(backend, "rate", "0.0");

        await page.App.SendAsync(80);

        await page.ExpectAsync(backend, "rate", TwentyInNineToTenSeconds());
        await page.ExpectAsync(backend, "share", "25%");
        await page.ExpectAsync(backend, "p50", Milliseconds());
        await page.ExpectAsync(backend, "errors", "0%");
        await page.ExpectAsync(backend, "health", "Healthy");
        await Expect(page.GetRow(backend).GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(Peak());
        Assert.Empty(page.Faults);

        // Bars have the scale of the largest share, so that small shares can be compared: four equal ones fill the width.
        await Expect(page.GetRow(backend).Locator(".fill")).ToHaveAttributeAsync("width", WideBar());
    }

    [Fact]
    public async Task The_page_lists_names_that_no_provider_knows()
    {
        await using var page = await LivePage.OpenAsync(chromium, 1, services: static services =>
            services.AddHttpClient("shop").AddLoadBalancing(static options => options.UnknownServices = UnknownServiceMode.Refuse));
        var heading = page.Page.GetByRole(AriaRole.Heading, new() { Name = "Not balanced" });
        await Expect(heading).ToBeHiddenAsync();

        await Assert.ThrowsAsync<NoEndpointAvailableException>(
            () => page.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("shop").GetAsync(new Uri("http://inventroy/")));

        await Expect(heading).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(["inventroy: requests of client shop are refused"]);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_page_shows_an_outage_and_the_return()
    {
        await using var page = await LivePage.OpenAsync(
            chromium,
            3,
            static options =>
            {
                options.ActiveHealthCheck.Enabled = true;
                options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(200);
                options.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromMilliseconds(200);
            });
        var backend = page.Backends[0];
        await page.ExpectAsync(backend, "health", "Healthy");

        await backend.StopAsync();
        await page.ExpectAsync(backend, "health", "Unhealthy");
        await Expect(page.GetCell(backend, "reason")).ToContainTextAsync("failed");
        await Expect(page.Page.Locator("[data-field=available]")).ToHaveTextAsync("2 of 3");
        await Expect(page.Page.Locator("#announcer")).ToContainTextAsync($"{backend.Name} is unhealthy");

        await backend.StartAsync();
        await page.ExpectAsync(backend, "health", "Healthy");
        await Expect(page.GetCell(backend, "reason")).ToBeEmptyAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task An_ejected_backend_shows_its_reason_and_the_time_left()
    {
        await using var page = await LivePage.OpenAsync(chromium, balance: static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromMinutes(1));

        await page.App.EjectAsync(page.Backends[0]);

        await page.ExpectAsync(page.Backends[0], "reason", ReasonAndTimeLeft());
        var first = await ReadSecondsLeftAsync(page);
        await Eventually.TrueAsync(async () => await ReadSecondsLeftAsync(page) < first, "the time left is less");
    }

    [Fact]
    public async Task A_slow_backend_shows_why_it_gets_less()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2, UsePeakEwma);
        var (slow, fast) = (page.Backends[0], page.Backends[1]);
        slow.Answer = static _ => Task.Delay(3_000);
        fast.Answer = static _ => Task.Delay(10);

        await page.App.SendAsync(40);

        await page.ExpectAsync(slow, "reason", LooksSlow());
        await page.ExpectAsync(slow, "estimate", Latency());
        await page.ExpectAsync(fast, "estimate", Latency());
        await Expect(page.GetCell(fast, "reason")).ToBeEmptyAsync();
        await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Latency estimate" })).ToBeVisibleAsync();
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_backend_that_fails_shows_that_it_gets_less_for_its_failures()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2, UsePeakEwma);
        page.Backends[0].AnswerWith(500);
        page.Backends[1].Answer = static _ => Task.Delay(10);

        await page.App.SendAsync(40);

        await page.ExpectAsync(page.Backends[0], "reason", FailsAndLooksSlow());
        await Expect(page.GetCell(page.Backends[1], "reason")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_strategy_that_compares_no_latencies_has_no_column_for_them()
    {
        await using var page = await LivePage.OpenAsync(chromium);
        await page.App.SendAsync(4);
        await page.ExpectAsync(page.Backends[0], "p50", Milliseconds());

        await Expect(page.GetCell(page.Backends[0], "estimate")).ToBeHiddenAsync();
        await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Latency estimate" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_page_shows_panic()
    {
        await using var page = await LivePage.OpenAsync(chromium, balance: static options => options.PanicThreshold = 0.9);
        await Expect(page.Page.GetByText("Panic:", new() { Exact = true })).ToBeHiddenAsync();

        await page.App.EjectAsync(page.Backends[0]);

        await Expect(page.Page.GetByText("Panic:", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_operator_can_drain_and_resume_a_backend_with_the_keyboard_alone()
    {
        await using var page = await LivePage.OpenAsync(chromium);
        var backend = page.Backends[0];

        await page.PressAsync("Tab");
        await Expect(page.GetButton("Hide available")).ToBeFocusedAsync();
        await page.PressAsync("Tab");
        await Expect(page.GetButton("Pause updates")).ToBeFocusedAsync();
        await page.PressAsync("Tab");
        await Expect(page.GetButton(backend, "Drain")).ToBeFocusedAsync();

        await page.PressAsync("Enter");
        await page.ExpectAsync(backend, "health", "Draining");
        Assert.Equal(EndpointHealth.Draining, page.App.GetEndpoint(backend).Health);

        // The button that had the focus has become the button that resumes.
        await Expect(page.GetButton(backend, "Resume")).ToBeFocusedAsync();
        await page.PressAsync("Space");
        await Expect(page.GetButton(backend, "Drain")).ToBeFocusedAsync();
        Assert.NotEqual(EndpointHealth.Draining, page.App.GetEndpoint(backend).Health);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_page_whose_token_has_expired_loads_a_new_one()
    {
        await using var page = await LivePage.OpenAsync(chromium);
        await page.Page.Context.ClearCookiesAsync();

        await page.GetButton(page.Backends[0], "Drain").ClickAsync();

        await page.ExpectAsync(page.Backends[0], "health", "Draining");
    }

    [Fact]
    public async Task A_change_that_fails_is_reported_in_its_row()
    {
        await using var page = await LivePage.OpenAsync(chromium);
        await page.Page.RouteAsync("**/drain", static route => route.FulfillAsync(new() { Status = 404 }));

        await page.GetButton(page.Backends[0], "Drain").ClickAsync();

        await Expect(page.GetRow(page.Backends[0]).GetByRole(AriaRole.Alert)).ToHaveTextAsync("Not done: the endpoint no longer exists.");
    }

    [Fact]
    public async Task A_change_that_is_redirected_to_a_sign_in_page_is_reported_in_its_row()
    {
        await using var page = await LivePage.OpenAsync(chromium, map: static app => Map(app, static (context, next) =>
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                return next(context);
            }

            context.Response.Redirect(TestApp.Path);
            return Task.CompletedTask;
        }));

        await page.GetButton(page.Backends[0], "Drain").ClickAsync();

        await Expect(page.GetRow(page.Backends[0]).GetByRole(AriaRole.Alert)).ToHaveTextAsync("Not done: access refused (redirected to another page).");
    }

    [Fact]
    public async Task A_read_only_page_has_no_buttons_for_changes()
    {
        await using var page = await LivePage.OpenAsync(chromium, map: static app => app.MapLoadBalancing(TestApp.Path));

        await Expect(page.GetRow(page.Backends[0])).ToBeVisibleAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button)).ToHaveTextAsync(["Hide available", "Pause updates"]);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_page_reports_a_lost_connection_and_goes_on_when_it_is_back()
    {
        var cable = new Cable();
        await using var page = await LivePage.OpenAsync(chromium, map: app => Map(app, cable.PassAsync));

        cable.Cut();
        await page.ExpectConnectionAsync("Connection lost");
        await Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(1);

        cable.Mend();
        page.App.Cluster.TryDrain(page.Backends[0].Address);
        await page.ExpectConnectionAsync("Live");
        await Expect(page.Page.Locator("body.stale")).ToHaveCountAsync(0);
        await page.ExpectAsync(page.Backends[0], "health", "Draining");
    }

    [Fact]
    public async Task The_page_loads_its_token_again_when_a_lost_connection_is_back()
    {
        var cable = new Cable();
        var isBroken = true;
        await using var page = await LivePage.OpenAsync(chromium, map: app => Map(app, (context, next) =>
        {
            if (isBroken && context.Request.Path.Value!.EndsWith("/clusters", StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }

            return cable.PassAsync(context, next);
        }));
        await Expect(page.GetRow(page.Backends[0])).ToBeVisibleAsync();
        await Expect(page.GetButton(page.Backends[0], "Drain")).ToBeHiddenAsync();

        isBroken = false;
        cable.Cut();
        await page.ExpectConnectionAsync("Connection lost");
        cable.Mend();

        await Expect(page.GetButton(page.Backends[0], "Drain")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task A_zone_is_labelled()
    {
        await using var page = await LivePage.OpenAsync(chromium, 2, static options => options.Endpoints[0].Zone = "eu-1");

        var zoned = page.Backends.Single(backend => page.App.GetEndpoint(backend).Zone is not null);
        await page.ExpectAsync(zoned, "zone", "zone eu-1");
        await Expect(page.Page.Locator("[data-field=zone]:not(:empty)")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_viewer_can_pause_and_continue_the_updates()
    {
        await using var page = await LivePage.OpenAsync(chromium);
        var backend = page.Backends[0];

        var eventsEnded = new TaskCompletionSource();
        page.Page.RequestFailed += (_, request) => eventsEnded.TrySetResult();

        await page.GetButton("Pause updates").ClickAsync();
        await page.ExpectConnectionAsync("Paused at");
        await eventsEnded.Task.WaitAsync(Eventually.Deadline);
        page.App.Cluster.TryDrain(backend.Address);
        Assert.NotEqual("Draining", await page.GetCell(backend, "health").TextContentAsync());

        await page.GetButton("Continue updates").ClickAsync();
        await page.ExpectAsync(backend, "health", "Draining");
    }

    [Fact]
    public async Task A_viewer_can_hide_the_endpoints_that_are_available()
    {
        await using var page = await LivePage.OpenAsync(chromium, 3);
        var (cluster, first, second) = (page.App.Cluster, page.Backends[1], page.Backends[2]);
        var rows = page.Page.GetByRole(AriaRole.Rowheader);
        cluster.TryDrain(first.Address);

        await page.GetButton("Hide available").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Hide available", Pressed = true })).ToBeVisibleAsync();
        await Expect(rows).ToHaveTextAsync([first.Name]);

        // An endpoint that goes out appears. One that is resumed stays while its button has the focus.
        cluster.TryDrain(second.Address);
        await Expect(rows).ToHaveTextAsync([first.Name, second.Name]);
        await page.GetButton(first, "Resume").ClickAsync();
        await Expect(page.GetButton(first, "Drain")).ToBeFocusedAsync();

        await page.GetButton("Hide available").ClickAsync();
        await Expect(rows).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task An_address_without_a_zone_stands_in_the_middle_of_its_row()
    {
        await using var page = await LivePage.OpenAsync(chromium, browser: new() { ViewportSize = new() { Width = 1280, Height = 800 } });

        var row = (await page.GetRow(page.Backends[0]).BoundingBoxAsync())!;
        var address = (await page.GetCell(page.Backends[0], "address").BoundingBoxAsync())!;

        Assert.Equal(row.Y + (row.Height / 2), address.Y + (address.Height / 2), tolerance: 2f);
    }

    [Fact]
    public async Task An_update_of_a_hundred_endpoints_writes_only_the_changes()
    {
        await using var page = await LivePage.OpenAsync(chromium, 1, AddNinetyNineEndpoints);
        var (cluster, backend) = (page.App.Cluster, page.Backends[0]);
        await Expect(page.Page.Locator("#clusters").GetByRole(AriaRole.Row)).ToHaveCountAsync(102);
        var row = await page.GetRow(backend).ElementHandleAsync();
        await page.Page.EvaluateAsync(
            """
            () => {
              window.writes = 0;
              new MutationObserver(records => { window.writes += records.length; })
                .observe(document.getElementById("clusters"), { subtree: true, childList: true, characterData: true, attributes: true });
            }
            """);

        // The health, reason and button of one row, the fair shares of the others, and the count in the head.
        cluster.TryDrain(backend.Address);
        await page.ExpectAsync(backend, "health", "Draining");
        Assert.InRange(await page.Page.EvaluateAsync<int>("window.writes"), 5, 250);

        await page.Page.EvaluateAsync("window.writes = 0");
        cluster.TryResume(backend.Address);
        await page.ExpectAsync(backend, "health", "Unknown");
        Assert.InRange(await page.Page.EvaluateAsync<int>("window.writes"), 5, 250);
        Assert.True(await row.EvaluateAsync<bool>("row => row.isConnected"));
    }

    [Fact]
    public async Task The_column_headers_stay_in_view_in_a_long_table()
    {
        await using var page = await LivePage.OpenAsync(chromium, 1, AddNinetyNineEndpoints);

        await page.GetButton(page.Backends[0], "Drain").ScrollIntoViewIfNeededAsync();

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "orders" })).Not.ToBeInViewportAsync();
        await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Errors" })).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_name_that_looks_like_markup_is_shown_as_text()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        await using var page = await LivePage.OpenAsync(chromium, 1, client: Hostile);

        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = Hostile })).ToBeVisibleAsync();
        await Expect(page.Page.Locator("img")).ToHaveCountAsync(0);
        Assert.Empty(page.Faults);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_has_enough_contrast(ColorScheme scheme)
    {
        await using var page = await LivePage.OpenAsync(
            chromium, 4, static options => options.PanicThreshold = 0.9, browser: new() { ColorScheme = scheme });
        page.App.Cluster.TryDrain(page.Backends[1].Address);
        await page.App.EjectAsync(page.Backends[0]);
        await Expect(page.Page.GetByText("Panic:", new() { Exact = true })).ToBeVisibleAsync();
        await page.ExpectAsync(page.Backends[2], "health", "Healthy");

        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Contrast.Script));
    }

    [Theory]
    [InlineData(360, LoadBalancingStrategies.RoundRobin)]
    [InlineData(768, LoadBalancingStrategies.RoundRobin)]
    [InlineData(1024, LoadBalancingStrategies.RoundRobin)]
    [InlineData(1280, LoadBalancingStrategies.RoundRobin)]
    [InlineData(360, LoadBalancingStrategies.PeakEwma)]
    [InlineData(1280, LoadBalancingStrategies.PeakEwma)]
    public async Task The_page_is_not_wider_than_the_screen(int width, string strategy)
    {
        await using var page = await LivePage.OpenAsync(
            chromium,
            3,
            options =>
            {
                options.Strategy = strategy;
                options.ActiveHealthCheck.Enabled = true;
            },
            browser: new() { ViewportSize = new() { Width = width, Height = 800 } });
        page.Backends[0].AnswerWith(503);
        await page.App.SendAsync(20);
        await Expect(page.GetCell(page.Backends[0], "reason")).Not.ToBeEmptyAsync();

        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var button = (await page.GetButton(page.Backends[2], "Drain").BoundingBoxAsync())!;
        Assert.InRange(button.X + button.Width, 0, width);
    }

    [Fact]
    public async Task The_health_of_an_endpoint_is_shown_by_a_word_and_a_shape_besides_its_colour()
    {
        await using var page = await LivePage.OpenAsync(chromium);
        page.App.Cluster.TryDrain(page.Backends[0].Address);

        await Expect(page.Page.Locator("[data-field=health]")).ToHaveTextAsync(["Draining", "Unknown"]);
        await Expect(page.Page.Locator("[data-field=shape]")).ToHaveTextAsync(["▼", "○"]);
    }

    private static void Map(WebApplication app, Func<HttpContext, RequestDelegate, Task> middleware)
    {
        app.Use(next => context => middleware(context, next));
        app.MapLoadBalancing(TestApp.Path, static options => options.AllowChanges = true);
    }

    private static void UsePeakEwma(LoadBalancingOptions options)
    {
        options.Strategy = LoadBalancingStrategies.PeakEwma;

        // An endpoint that has not answered yet looks faster than any other one, so each of them gets a request.
        options.PeakEwma.DefaultLatency = TimeSpan.FromMilliseconds(1);
    }

    private static void AddNinetyNineEndpoints(LoadBalancingOptions options)
    {
        for (var i = 0; i < 99; i++)
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri($"http://10.0.0.{i + 1}:8080") });
        }
    }

    private static async Task<int> ReadSecondsLeftAsync(LivePage page)
    {
        var reason = await page.GetCell(page.Backends[0], "reason").TextContentAsync();
        return int.Parse(ReasonAndTimeLeft().Match(reason!).Groups["seconds"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^[\d.]+ ms$")]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"^(< )?[\d.]+ m?s$")]
    private static partial Regex Latency();

    [GeneratedRegex(@"^looks [\d.]+ times as slow as the fastest$")]
    private static partial Regex LooksSlow();

    [GeneratedRegex(@"^attempts failed lately: looks [\d.,]+ times as slow as the fastest$")]
    private static partial Regex FailsAndLooksSlow();

    [GeneratedRegex(@"^2\.[0-2]$")]
    private static partial Regex TwentyInNineToTenSeconds();

    [GeneratedRegex("to [1-9][0-9]* requests a second")]
    private static partial Regex Peak();

    [GeneratedRegex(@"^9\d\.\d$")]
    private static partial Regex WideBar();

    [GeneratedRegex(@"^5 requests in a row failed; (?<seconds>\d+) s left$")]
    private static partial Regex ReasonAndTimeLeft();
}
