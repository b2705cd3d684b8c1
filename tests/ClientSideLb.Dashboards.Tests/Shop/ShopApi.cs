using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>The API of examples/Shop with its own settings, three replicas that a test can break, and customers.</summary>
internal sealed partial class ShopApi : Application
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shop-");
    private readonly JsonNode _settings;
    private DotnetProgram? _api;
    private Customers? _customers;

    private ShopApi(PrometheusServer prometheus, string job, Replica[] replicas)
        : base(prometheus, job)
    {
        Replicas = replicas;
        _settings = JsonNode.Parse(File.ReadAllText(RepositoryFiles.PathOf("examples", "Shop", "Shop.Api", "appsettings.json")))!;
        _settings["Urls"] = "http://127.0.0.1:0";
        for (var i = 0; i < replicas.Length; i++)
        {
            Catalog["Endpoints"]![i]!["Address"] = replicas[i].Address.AbsoluteUri;
        }
    }

    internal IReadOnlyList<Replica> Replicas { get; }

    private JsonNode Catalog => _settings["LoadBalancing"]!["catalog"]!;

    /// <param name="prometheus">Prometheus.</param>
    /// <param name="job">The name of the shop there.</param>
    /// <param name="configure">Changes the options of the client of the catalog.</param>
    /// <param name="requestsPerSecond">How often the customers ask.</param>
    internal static async Task<ShopApi> StartAsync(
        PrometheusServer prometheus, string job, Action<JsonNode>? configure = null, int requestsPerSecond = 25)
    {
        PrometheusTools.SkipIfMissing();
        var shop = new ShopApi(prometheus, job, await Task.WhenAll(Enumerable.Range(0, 3).Select(static _ => Replica.StartAsync())));
        try
        {
            shop.Configure(configure ?? (static _ => { }));
            await shop.StartAsync(requestsPerSecond);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Changes the options of the client of the catalog. They take effect at once.</summary>
    internal void Configure(Action<JsonNode> change)
    {
        change(Catalog);
        File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), _settings.ToJsonString());
    }

    protected override async ValueTask StopAsync()
    {
        if (_customers is not null)
        {
            await _customers.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
            TestContext.Current.TestOutputHelper?.WriteLine(_api.Printed);
        }

        foreach (var replica in Replicas)
        {
            await replica.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(int requestsPerSecond)
    {
        _api = new DotnetProgram("Shop.Api", _folder.FullName);
        await _api.PrintsAsync(AddressPattern().IsMatch);
        var address = new Uri(AddressPattern().Match(_api.Printed).Groups[1].Value);
        _customers = new Customers(new Uri(address, "products"), TimeSpan.FromSeconds(1) / requestsPerSecond);
        Scrape(address);
    }

    [GeneratedRegex(@"Now listening on: (http://[0-9.:]+)")]
    private static partial Regex AddressPattern();
}
