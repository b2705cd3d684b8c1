using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ClientSideLb.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>A live page in a browser, with the application that serves it.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = new();

    private LivePage(IPage page, TestApp app)
    {
        Page = page;
        App = app;
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
            // The page itself aborts the request for events when it is paused or closed.
            if (request.Failure != "net::ERR_ABORTED")
            {
                _faults.Enqueue($"{request.Url}: {request.Failure}");
            }
        };
    }

    internal IPage Page { get; }

    internal TestApp App { get; }

    internal TestBackend[] Backends => App.Backends;

    /// <summary>Gets the browser's complaints: errors and warnings of the console, uncaught exceptions, and failed requests.</summary>
    internal IReadOnlyCollection<string> Faults => _faults;

    internal ILocator Connection => Page.Locator("#connection");

    /// <summary>Starts an application, and opens its page in a browser.</summary>
    internal static async Task<LivePage> OpenAsync(
        Chromium chromium,
        int backends = 2,
        Action<LoadBalancingOptions>? balance = null,
        Action<WebApplication>? map = null,
        string client = "orders",
        BrowserNewContextOptions? browser = null,
        Action<IServiceCollection>? services = null)
    {
        var page = await LoadAsync(chromium, backends, balance, map, client, browser, services);
        await Expect(page.Connection).ToHaveTextAsync("Live");
        return page;
    }

    /// <summary>Starts an application and loads its page, but does not wait for the page's data.</summary>
    internal static async Task<LivePage> LoadAsync(
        Chromium chromium,
        int backends = 2,
        Action<LoadBalancingOptions>? balance = null,
        Action<WebApplication>? map = null,
        string client = "orders",
        BrowserNewContextOptions? browser = null,
        Action<IServiceCollection>? services = null)
    {
        var empty = await chromium.NewPageAsync(browser);
        var page = new LivePage(empty, await TestApp.StartAsync(backends, balance, services, map, client));
        await page.Page.GotoAsync(new Uri(page.App.Address, TestApp.Path).ToString());
        return page;
    }

    /// <summary>Gets the row of a backend.</summary>
    internal ILocator GetRow(TestBackend backend) =>
        Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = backend.Name }) });

    /// <summary>Gets one field of a backend's row.</summary>
    internal ILocator GetCell(TestBackend backend, string field) => GetRow(backend).Locator($"[data-field={field}]");

    /// <summary>Gets the button that drains or resumes a backend.</summary>
    internal ILocator GetButton(TestBackend backend, string action) => GetButton($"{action} {backend.Name}");

    internal ILocator GetButton(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    /// <summary>Waits until a field of a backend's row has a text.</summary>
    internal Task ExpectAsync(TestBackend backend, string field, string text) =>
        Expect(GetCell(backend, field)).ToHaveTextAsync(text, new() { Timeout = 20_000 });

    /// <inheritdoc cref="ExpectAsync(TestBackend, string, string)"/>
    internal Task ExpectAsync(TestBackend backend, string field, Regex text) => Expect(GetCell(backend, field)).ToHaveTextAsync(text);

    internal Task ExpectConnectionAsync(string text) => Expect(Connection).ToContainTextAsync(text, new() { Timeout = 20_000 });

    internal Task PressAsync(string key) => Page.Keyboard.PressAsync(key);

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        await App.DisposeAsync();
    }
}
