using System.Text.RegularExpressions;
using ClientSideLb.Dashboards.Tests.Prometheus;

namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>The whole examples/Shop, as its README starts it: the API, three replicas of the catalog, and twenty customers a second.</summary>
internal sealed partial class WholeShop : Application
{
    private readonly DotnetProgram _shop = new("Shop.Start", Path.GetTempPath(), "--any-port");

    private WholeShop(PrometheusServer prometheus, string job)
        : base(prometheus, job)
    {
    }

    internal static async Task<WholeShop> StartAsync(PrometheusServer prometheus, string job)
    {
        PrometheusTools.SkipIfMissing();
        var shop = new WholeShop(prometheus, job);
        await shop._shop.PrintsAsync(AddressPattern().IsMatch);
        shop.Scrape(new Uri(AddressPattern().Match(shop._shop.Printed).Groups[1].Value));
        return shop;
    }

    /// <summary>Kills a replica, as the README says.</summary>
    internal async Task KillAsync(int replica)
    {
        await _shop.TypeAsync($"{replica}");
        await _shop.PrintsAsync(text => text.Contains($"replica {replica} is killed", StringComparison.Ordinal));
    }

    protected override async ValueTask StopAsync()
    {
        await _shop.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(_shop.Printed);
    }

    [GeneratedRegex(@"^Open (http://[^/]+)/load-balancing", RegexOptions.Multiline)]
    private static partial Regex AddressPattern();
}
