using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>An installed Chromium, started once for all tests of the page. Where there is none, those tests are skipped and say so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Names the browser, where it is not found by its usual names.</summary>
    private const string PathVariable = "CLIENTSIDELB_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } path)
        {
            _playwright = await Playwright.CreateAsync();

            // A container's root cannot use the sandbox; the pages are the tests' own.
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--no-proxy-server"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens an empty page with settings of its own, or skips the test.</summary>
    internal async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(
            _browser is null,
            $"No Chromium is installed. Install it (on Debian, apt-get install chromium), or name it in {PathVariable}.");
        var context = await _browser!.NewContextAsync(options);
        return await context.NewPageAsync();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
        {
            return named;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
