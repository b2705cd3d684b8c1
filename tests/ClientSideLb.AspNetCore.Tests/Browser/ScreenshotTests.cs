using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The page of a busy service, as it stands in the README.</summary>
public sealed class ScreenshotTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>A folder to write the pictures to. With it the service is busy for a minute, so that the lines are whole; without it only for a moment.</summary>
    private const string FolderVariable = "CLIENTSIDELB_SCREENSHOTS";

    private static readonly string? Folder = Environment.GetEnvironmentVariable(FolderVariable);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(Folder is null ? 3 : 66);

    [Fact]
    public async Task A_busy_service_with_one_slow_one_ejected_and_one_drained_backend()
    {
        await using var app = await TestApp.StartAsync(5, static options => options.Strategy = LoadBalancingStrategies.PowerOfTwoChoices);
        var (slow, ejected, drained) = (app.Backends[1], app.Backends[2], app.Backends[4]);
        foreach (var backend in app.Backends)
        {
            backend.Answer = _ => Task.Delay(Random.Shared.Next(4, 12) * (backend == slow ? 10 : 1));
        }

        await using var page = await LivePage.OpenAsync(chromium, app, new() { ViewportSize = new() { Width = 1280, Height = 480 }, DeviceScaleFactor = 2 });
        using var load = new CancellationTokenSource();
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(app, load.Token)));
        await Task.Delay(Busy - (Busy / 4));
        app.Cluster.TryDrain(drained.Address);
        await Task.Delay(Busy / 4);
        ejected.AnswerWith(503);

        await Assertions.Expect(page.Cell(ejected, "health")).ToHaveTextAsync("Ejected", new() { Timeout = 15_000 });
        await Assertions.Expect(page.Cell(drained, "health")).ToHaveTextAsync("Draining");
        await Assertions.Expect(page.Cell(drained, "inFlight")).ToHaveTextAsync("0");
        await Assertions.Expect(page.Cell(slow, "health")).ToHaveTextAsync("Healthy");
        await TakeAsync(page, "live-page", ColorScheme.Light, 1280);
        await TakeAsync(page, "live-page-dark", ColorScheme.Dark, 1280);
        await TakeAsync(page, "live-page-phone", ColorScheme.Light, 390);

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
