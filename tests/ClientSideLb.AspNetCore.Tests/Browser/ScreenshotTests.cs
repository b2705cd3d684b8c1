using ClientSideLb.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The page of a busy service, as the documentation shows it.</summary>
public sealed class ScreenshotTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>
    /// Holds the folder to write the pictures to. If it is set, the service is busy for a minute, so that the pictures have whole lines;
    /// otherwise only for a few seconds.
    /// </summary>
    private const string FolderVariable = "CLIENTSIDELB_SCREENSHOTS";

    private static readonly string? Folder = Environment.GetEnvironmentVariable(FolderVariable);
    private static readonly int BusySeconds = Folder is null ? 2 : 60;

    [Fact]
    public async Task A_busy_service_shows_its_slow_its_ejected_and_its_drained_backend()
    {
        await using var page = await LivePage.OpenAsync(
            chromium,
            5,
            static options => options.Strategy = LoadBalancingStrategies.PowerOfTwoChoices,
            browser: new() { ViewportSize = new() { Width = 1280, Height = 480 }, DeviceScaleFactor = 2 });
        var (slow, ejected, drained) = (page.Backends[1], page.Backends[2], page.Backends[4]);
        foreach (var backend in page.Backends)
        {
            backend.Answer = _ => Task.Delay(Random.Shared.Next(4, 12) * (backend == slow ? 10 : 1));
        }

        using var load = new CancellationTokenSource();
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(page.App, load.Token)));
        await WaitForBusySecondsAsync(page.App, drained, BusySeconds * 3 / 4);
        page.App.Cluster.TryDrain(drained.Address);
        await WaitForBusySecondsAsync(page.App, ejected, BusySeconds);
        ejected.AnswerWith(503);

        await page.ExpectAsync(ejected, "health", "Ejected");
        await page.ExpectAsync(drained, "health", "Draining");
        await page.ExpectAsync(drained, "inFlight", "0");
        await page.ExpectAsync(slow, "health", "Healthy");
        await TakeAsync(page, "live-page", ColorScheme.Light, 1280);
        await TakeAsync(page, "live-page-dark", ColorScheme.Dark, 1280);
        await TakeAsync(page, "live-page-phone", ColorScheme.Light, 390);

        await load.CancelAsync();
        await sending;
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_busy_service_in_two_zones_shows_what_an_ejection_moves_to_the_next_level()
    {
        await using var page = await LivePage.OpenAsync(
            chromium,
            6,
            static options =>
            {
                options.Strategy = LoadBalancingStrategies.PowerOfTwoChoices;
                options.Zone = "eu-1a";
                foreach (var (index, endpoint) in options.Endpoints.Index())
                {
                    endpoint.Zone = index % 2 == 0 ? "eu-1a" : "eu-1b";
                    endpoint.Priority = index < 4 ? 0 : 1;
                }
            },
            browser: new() { ViewportSize = new() { Width = 1280, Height = 480 }, DeviceScaleFactor = 2 });
        foreach (var backend in page.Backends)
        {
            backend.Answer = static _ => Task.Delay(Random.Shared.Next(4, 12));
        }

        using var load = new CancellationTokenSource();
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(page.App, load.Token)));
        await WaitForBusySecondsAsync(page.App, page.Backends[0], BusySeconds * 3 / 4);
        page.Backends[0].AnswerWith(503);
        await page.ExpectAsync(page.Backends[0], "health", "Ejected");
        await WaitForBusySecondsAsync(page.App, page.Backends[1], BusySeconds / 4);

        await Assertions.Expect(page.Page.Locator(".level")).ToContainTextAsync(["gets 70%", "gets 30%", "gets 0%", "gets 0%"]);
        await TakeAsync(page, "live-page-levels", ColorScheme.Light, 1280);
        await TakeAsync(page, "live-page-levels-dark", ColorScheme.Dark, 1280);
        await TakeAsync(page, "live-page-levels-phone", ColorScheme.Light, 390);

        await load.CancelAsync();
        await sending;
        Assert.Empty(page.Faults);
    }

    private static async Task SendAsync(TestApp app, CancellationToken stop)
    {
        var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        while (!stop.IsCancellationRequested)
        {
            using var response = await http.GetAsync(new Uri("", UriKind.Relative), CancellationToken.None);
        }
    }

    private static Task WaitForBusySecondsAsync(TestApp app, TestBackend backend, int seconds) => Eventually.TrueAsync(
        async () => (await app.GetRowAsync(backend)).GetProperty("history").EnumerateArray().Count(static attempts => attempts.GetInt32() > 0) >= seconds,
        $"the backend was busy for {seconds} s",
        TimeSpan.FromMinutes(2));

    private static async Task TakeAsync(LivePage page, string name, ColorScheme scheme, int width)
    {
        if (Folder is null)
        {
            return;
        }

        await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.Page.SetViewportSizeAsync(width, 480);
        await page.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), FullPage = true });
    }
}
