using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The live page in a browser, and what it has against it.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();

    private LivePage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _faults.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.RequestFailed += (_, request) =>
        {
            // The page itself ends the events, when it is paused or closed.
            if (request.Failure != "net::ERR_ABORTED")
            {
                _faults.Enqueue($"{request.Url}: {request.Failure}");
            }
        };
    }

    internal IPage Page { get; }

    /// <summary>Gets what the browser complained of: errors and warnings of the console, uncaught exceptions, requests that failed.</summary>
    internal IReadOnlyCollection<string> Faults => _faults;

    internal ILocator Connection => Page.Locator("#connection");

    internal static async Task<LivePage> OpenAsync(Chromium chromium, TestApp app, BrowserNewContextOptions? options = null)
    {
        var page = new LivePage(await chromium.NewPageAsync(options));
        await page.Page.GotoAsync(new Uri(app.Address, TestApp.Path).ToString());
        await Assertions.Expect(page.Connection).ToHaveTextAsync("Live");
        return page;
    }

    /// <summary>Gets the row of a backend.</summary>
    internal ILocator Row(TestBackend backend) =>
        Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = backend.Name }) });

    /// <summary>Gets one figure of a row.</summary>
    internal ILocator Cell(TestBackend backend, string field) => Row(backend).Locator($"[data-field={field}]");

    /// <summary>Gets the button that drains or resumes a backend.</summary>
    internal ILocator Button(TestBackend backend, string action) => Page.GetByRole(AriaRole.Button, new() { Name = $"{action} {backend.Name}" });

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
