using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

/// <summary>What a provider of service discovery says of its endpoints by <see cref="EndpointMetadata"/>.</summary>
public sealed class EndpointMetadataTests : IAsyncDisposable
{
    private static readonly string[] Addresses = ["http://10.0.0.1", "http://10.0.0.2", "http://10.0.0.3"];

    private readonly ObservedTime _time = new();
    private readonly StubBackend _backend = new();
    private readonly StubDiscovery _discovery = new("api");
    private readonly Dictionary<string, EndpointMetadata> _known = [];
    private readonly ServiceCollection _services = new();
    private readonly LoadBalancingOptions _options = new() { Strategy = LoadBalancingStrategies.WeightedRoundRobin };
    private readonly Lazy<ServiceProvider> _provider;
    private readonly Lazy<HttpClient> _client;

    public EndpointMetadataTests()
    {
        _discovery.Find(Addresses);
        _discovery.Describe = point => _known.GetValueOrDefault(((UriEndPoint)point).Uri.OriginalString);
        _services.AddSingleton<TimeProvider>(_time);
        _services.AddSingleton<IServiceEndpointProviderFactory>(_discovery);
        _services.AddLogging(static logging => logging.AddFakeLogging());
        _services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(options =>
            (options.Strategy, options.Zone) = (_options.Strategy, _options.Zone));
        _provider = new Lazy<ServiceProvider>(() => _services.BuildServiceProvider());
        _client = new Lazy<HttpClient>(() => _provider.Value.GetRequiredService<IHttpClientFactory>().CreateClient("api"));
    }

    public async ValueTask DisposeAsync()
    {
        _backend.Dispose();
        await _provider.Value.DisposeAsync();
    }

    private ICluster Cluster => Assert.Single(_provider.Value.GetRequiredService<IClusterRegistry>().Clusters);

    private IEnumerable<LogRecordText> Warnings => _provider.Value.GetFakeLogCollector().GetSnapshot()
        .Where(static line => line.Level == LogLevel.Warning).Select(static line => new LogRecordText(line.Id.Id, line.Message));

    [Fact]
    public async Task Weights_share_the_traffic_and_an_endpoint_without_one_has_the_weight_1()
    {
        Know(0, new EndpointMetadata { Weight = 3 });
        Know(1, new EndpointMetadata());

        await AssertSpreadAsync(50, 30, 10, 10);
    }

    [Fact]
    public async Task Weight_0_drains()
    {
        Know(0, new EndpointMetadata { Weight = 0 });

        await AssertSpreadAsync(20, 0, 10, 10);
        Assert.Equal("its weight is 0", Endpoint(0).HealthReason);
    }

    [Fact]
    public async Task A_higher_priority_is_not_used_while_the_lower_ones_are_available()
    {
        Know(0, new EndpointMetadata { Priority = 127 });

        await AssertSpreadAsync(20, 0, 10, 10);
    }

    [Fact]
    public async Task Endpoints_of_the_clients_zone_are_used_first()
    {
        _options.Zone = "a";
        Know(0, new EndpointMetadata { Zone = "b" });
        Know(1, new EndpointMetadata { Zone = "a" });
        Know(2, new EndpointMetadata { Zone = "" });

        await AssertSpreadAsync(20, 0, 20, 0);
        Assert.Null(Endpoint(2).Zone);
    }

    [Theory]
    [InlineData(EndpointHealth.Draining, EndpointHealth.Draining, 0)]
    [InlineData(EndpointHealth.Unhealthy, EndpointHealth.Unhealthy, 0)]
    [InlineData(EndpointHealth.Healthy, EndpointHealth.Healthy, 10)]
    [InlineData(EndpointHealth.Unknown, EndpointHealth.Healthy, 10)]
    [InlineData(EndpointHealth.Ejected, EndpointHealth.Healthy, 10)]
    [InlineData((EndpointHealth)99, EndpointHealth.Healthy, 10)]
    public async Task Only_draining_and_unhealthy_take_an_endpoint_out(EndpointHealth reported, EndpointHealth shown, int requests)
    {
        Know(0, new EndpointMetadata { Health = reported });

        Assert.Equal(requests, (await SpreadAsync(30))[0]);
        Assert.Equal(shown, Endpoint(0).Health);
    }

    [Fact]
    public async Task A_change_of_what_is_known_reaches_the_same_endpoint_and_takes_it_out_and_back()
    {
        await SpreadAsync(3);
        var endpoint = Endpoint(0);

        await ChangeAsync(new EndpointMetadata { Health = EndpointHealth.Unhealthy }, () => endpoint.Health == EndpointHealth.Unhealthy);
        Assert.Same(endpoint, Endpoint(0));
        Assert.Equal(0, (await SpreadAsync(20))[0]);

        await ChangeAsync(new EndpointMetadata { Weight = 2, Zone = "b" }, () => endpoint.Weight == 2);
        Assert.Same(endpoint, Endpoint(0));
        Assert.Equal((EndpointHealth.Healthy, "b"), (endpoint.Health, endpoint.Zone));
        await AssertSpreadAsync(40, 20, 10, 10);
    }

    [Theory]
    [InlineData(70_000, 0, 65_535, 0, "Weight 70000; expected 0 to 65535. The endpoint is used with 65535.")]
    [InlineData(-1, 0, 1, 0, "Weight -1; expected 0 to 65535. The endpoint is used with 1.")]
    [InlineData(1, 128, 1, 127, "Priority 128; expected 0 to 127. The endpoint is used with 127.")]
    [InlineData(1, -5, 1, 0, "Priority -5; expected 0 to 127. The endpoint is used with 0.")]
    public async Task A_value_out_of_range_is_logged_once_and_the_endpoint_stays_in_use(int weight, int priority, int usedWeight, int usedPriority, string logged)
    {
        Know(0, new EndpointMetadata { Weight = weight, Priority = priority });
        await SpreadAsync(10);

        await ChangeAsync(new EndpointMetadata { Weight = weight, Priority = priority, Zone = "new" }, () => Endpoint(0).Zone == "new");

        Assert.Equal((usedWeight, usedPriority, true), (Endpoint(0).Weight, Endpoint(0).Priority, Endpoint(0).IsAvailable));
        Assert.Equal(new LogRecordText(30, $"Service discovery for 'https+http://api' gives 'http://10.0.0.1:80' the {logged}"), Assert.Single(Warnings));
    }

    private void Know(int index, EndpointMetadata metadata) => _known[Addresses[index]] = metadata;

    private ClusterEndpoint Endpoint(int index) => Assert.Single(Cluster.Endpoints, endpoint => endpoint.Address == new Uri(Addresses[index]));

    private async Task ChangeAsync(EndpointMetadata metadata, Func<bool> isSeen)
    {
        Know(0, metadata);
        _discovery.Change();
        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromMilliseconds(100), isSeen, "the cluster has the change");
    }

    private async Task AssertSpreadAsync(int requests, params int[] expected) => Assert.Equal(expected, await SpreadAsync(requests));

    private async Task<int[]> SpreadAsync(int requests)
    {
        var before = _backend.Addresses.Count;
        for (var i = 0; i < requests; i++)
        {
            (await _client.Value.GetAsync("/")).Dispose();
        }

        var sent = _backend.Addresses.Skip(before).ToLookup(static address => address.GetLeftPart(UriPartial.Authority));
        return [.. Addresses.Select(address => sent[address].Count())];
    }

    private sealed record LogRecordText(int Id, string Message);
}
