using Microsoft.Playwright;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>An installed Chromium, started once for all tests of a class. Without one, those tests are skipped and say how to install it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Holds the path of the browser, if it has none of the usual names.</summary>
    private const string PathVariable = "CLIENTSIDELB_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } path)
        {
            _playwright = await Playwright.CreateAsync();

            // Chromium cannot use its sandbox as root in a container. It opens only the tests' own pages.
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
            $"No Chromium is installed. Install it (on Debian, apt-get install chromium), or set {PathVariable} to its path.");
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
