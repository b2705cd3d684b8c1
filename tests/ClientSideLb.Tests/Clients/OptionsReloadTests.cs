using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

public sealed class OptionsReloadTests : IDisposable
{
    private readonly ReloadableConfiguration _configuration = new(
        ("Strategy", "RoundRobin"), ("Endpoints:0:Address", "http://10.0.0.1"), ("Endpoints:1:Address", "http://10.0.0.2"));

    private readonly StubBackend _backend = new();
    private readonly ServiceProvider _provider;
    private readonly HttpClient _client;

    public OptionsReloadTests()
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddLoadBalancingStrategy<ThrowingStrategy>().AddLoadBalancingStrategy<PickyStrategy>();
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(_configuration.Root);
        _provider = services.BuildServiceProvider();
        _client = _provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }

    private ICluster Cluster => _provider.GetRequiredService<IClusterRegistry>().Clusters.Single();

    private IEnumerable<FakeLogRecord> Errors =>
        _provider.GetFakeLogCollector().GetSnapshot().Where(static record => record.Level >= LogLevel.Error);

    private IEnumerable<FakeLogRecord> Warnings =>
        _provider.GetFakeLogCollector().GetSnapshot().Where(static record => record.Level == LogLevel.Warning);

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task A_reload_reaches_existing_clients()
    {
        Assert.Equal(["10.0.0.1", "10.0.0.2"], await HostsOfRequestsAsync(4));
        var kept = Cluster.Endpoints.Single(static endpoint => endpoint.Address.Host == "10.0.0.2");

        _configuration.Replace(
            ("Strategy", "WeightedRoundRobin"),
            ("Endpoints:0:Address", "http://10.0.0.2"), ("Endpoints:0:Weight", "2"), ("Endpoints:1:Address", "http://10.0.0.3"));

        Assert.Equal(["10.0.0.2", "10.0.0.3"], await HostsOfRequestsAsync(4));
        Assert.Equal("WeightedRoundRobin", Cluster.Strategy);
        Assert.Same(kept, Cluster.Endpoints.Single(static endpoint => endpoint.Address.Host == "10.0.0.2"));
        Assert.Equal(2, kept.Weight);
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task Only_the_strategy_in_use_shows_its_latency_estimates()
    {
        Use("PeakEwma");
        await HostsOfRequestsAsync(40);
        Assert.All(Cluster.Endpoints, endpoint => Assert.NotNull(Cluster.GetLatencyEstimate(endpoint)));

        Use("LeastConnections");
        Assert.All(Cluster.Endpoints, endpoint => Assert.Null(Cluster.GetLatencyEstimate(endpoint)));
        await HostsOfRequestsAsync(4);
        Assert.All(Cluster.Endpoints, endpoint => Assert.Null(Cluster.GetLatencyEstimate(endpoint)));

        // What was learnt of the endpoints is still there.
        Use("PeakEwma");
        Assert.All(Cluster.Endpoints, endpoint => Assert.NotNull(Cluster.GetLatencyEstimate(endpoint)));

        void Use(string strategy) => _configuration.Replace(
            ("Strategy", strategy), ("Endpoints:0:Address", "http://10.0.0.1"), ("Endpoints:1:Address", "http://10.0.0.2"));
    }

    [Theory]
    [InlineData("Endpoints:0:Weight", "65536")]
    [InlineData("Endpoints:0:Weight", "many")]
    [InlineData("Endpoints:0:Address", "ftp://10.0.0.9")]
    [InlineData("Endpoints:0:Address", "http://10.0.0.9:99999")]
    [InlineData("Strategy", "RoundRobbing")]
    [InlineData("HashKey", "body")]
    [InlineData("HostHeader", "Sometimes")]
    [InlineData("ConsistentHash:PointsPerWeight", "0")]
    [InlineData("PeakEwma:DecayTime", "00:00:00")]
    [InlineData("Strategy", ThrowingStrategy.StrategyName)]
    [InlineData("Strategy", PickyStrategy.StrategyName)]
    public async Task A_faulty_reload_keeps_the_old_options_and_logs_an_error_and_a_good_one_after_it_counts(string key, string value)
    {
        var faulty = new Dictionary<string, string> { ["Endpoints:0:Address"] = "http://10.0.0.9", [key] = value };

        Assert.Null(Record.Exception(() => _configuration.Replace([.. faulty.Select(static setting => (setting.Key, setting.Value))])));

        Assert.Equal(["10.0.0.1", "10.0.0.2"], await HostsOfRequestsAsync(4));
        Assert.Equal("RoundRobin", Cluster.Strategy);
        Assert.Contains("'api'", Assert.Single(Errors).Message, StringComparison.Ordinal);

        _configuration.Replace(("Endpoints:0:Address", "http://10.0.0.3"));
        Assert.Equal(["10.0.0.3"], await HostsOfRequestsAsync(4));
        Assert.Equal("PowerOfTwoChoices", Cluster.Strategy);
        Assert.Single(Errors);
    }

    [Fact]
    public async Task An_endpoint_drained_by_hand_stays_drained_after_a_reload()
    {
        Cluster.TryDrain(new Uri("http://10.0.0.1"));

        _configuration.Replace(
            ("Strategy", "RoundRobin"), ("Endpoints:0:Address", "http://10.0.0.1"), ("Endpoints:1:Address", "http://10.0.0.3"));

        Assert.Equal(["10.0.0.3"], await HostsOfRequestsAsync(4));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Strategy", "Random")]
    [InlineData("Endpoints", "")]
    public async Task Static_endpoints_that_vanish_stay_in_use_and_one_warning_says_what_makes_the_switch(string? key, string? value)
    {
        (string, string)[] left = key is null ? [] : [(key, value!)];

        _configuration.Replace(left);
        _configuration.Replace(left);

        Assert.Equal(["10.0.0.1", "10.0.0.2"], await HostsOfRequestsAsync(4));
        Assert.Equal("RoundRobin", Cluster.Strategy);
        var warning = Assert.Single(Warnings);
        Assert.Contains("'api'", warning.Message, StringComparison.Ordinal);
        Assert.Contains("restart", warning.Message, StringComparison.Ordinal);
        Assert.Empty(Errors);

        _configuration.Replace(("Endpoints:0:Address", "http://10.0.0.3"));
        Assert.Equal(["10.0.0.3"], await HostsOfRequestsAsync(2));
        _configuration.Replace(left);
        Assert.Equal(["10.0.0.3"], await HostsOfRequestsAsync(2));
        Assert.Equal(2, Warnings.Count());
    }

    [Fact]
    public async Task Static_endpoints_that_appear_for_a_client_with_discovery_are_not_used_and_one_warning_says_so()
    {
        var configuration = new ReloadableConfiguration(("Strategy", "RoundRobin"));
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(configuration.Root);
        var discovery = new StubDiscovery("api");
        discovery.Find("http://10.0.0.7");
        services.AddSingleton<Microsoft.Extensions.ServiceDiscovery.IServiceEndpointProviderFactory>(discovery);
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await client.GetAsync("/");

        configuration.Replace(("Endpoints:0:Address", "http://10.0.0.3"), ("Strategy", "Random"));
        configuration.Replace(("Endpoints:0:Address", "http://10.0.0.3"), ("Strategy", "Random"));
        await client.GetAsync("/");

        Assert.All(_backend.Addresses, static address => Assert.Equal("10.0.0.7", address.Host));
        Assert.Equal("RoundRobin", Assert.Single(provider.GetRequiredService<IClusterRegistry>().Clusters).Strategy);
        var warning = Assert.Single(provider.GetFakeLogCollector().GetSnapshot(), static record => record.Level >= LogLevel.Warning);
        Assert.Contains("restart", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reload_of_one_section_among_several_warns_once_for_each_client()
    {
        var configuration = new ReloadableConfiguration(("A:Endpoints:0:Address", "http://10.0.0.1"), ("B:Endpoints:0:Address", "http://10.0.0.2"));
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddHttpClient("a").AddLoadBalancing(configuration.Root.GetSection("A"));
        services.AddHttpClient("b").AddLoadBalancing(configuration.Root.GetSection("B"));
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("a");
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("b");

        configuration.Replace();

        Assert.Equal(2, provider.GetFakeLogCollector().GetSnapshot().Count(static record => record.Level == LogLevel.Warning));
    }

    [Fact]
    public async Task A_reload_reaches_the_clusters_of_every_discovered_service()
    {
        var configuration = new ReloadableConfiguration(("Strategy", "RoundRobin"));
        var services = new ServiceCollection();
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(configuration.Root);
        foreach (var service in new[] { "api", "orders" })
        {
            var discovery = new StubDiscovery(service);
            discovery.Find("http://10.0.0.1", "http://10.0.0.2");
            services.AddSingleton<Microsoft.Extensions.ServiceDiscovery.IServiceEndpointProviderFactory>(discovery);
        }

        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await client.GetAsync("/");
        await client.GetAsync("http://orders/");

        configuration.Replace(("Strategy", "IpHash"));

        Assert.Equal(["IpHash", "IpHash"], provider.GetRequiredService<IClusterRegistry>().Clusters.Select(static cluster => cluster.Strategy));
        var before = _backend.Addresses.Count;
        for (var i = 0; i < 4; i++)
        {
            await client.GetAsync("/");
        }

        Assert.Single(_backend.Addresses.Skip(before).Select(static address => address.Host).Distinct());
    }

    [Fact]
    public async Task If_the_new_strategy_fails_for_one_discovered_service_all_keep_the_old_one()
    {
        var configuration = new ReloadableConfiguration(("Strategy", "RoundRobin"));
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddFakeLogging());
        services.AddLoadBalancingStrategy<PickyStrategy>();
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(configuration.Root);
        string[] names = ["a", "b", "c", "d", "e", "f"];
        foreach (var name in names)
        {
            var discovery = new StubDiscovery(name);
            discovery.Find(name == "d" ? $"http://{PickyStrategy.RefusedHost}" : "http://10.0.0.1");
            services.AddSingleton<Microsoft.Extensions.ServiceDiscovery.IServiceEndpointProviderFactory>(discovery);
        }

        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        foreach (var name in names)
        {
            await client.GetAsync($"http://{name}/");
        }

        configuration.Replace(("Strategy", PickyStrategy.StrategyName));

        Assert.All(provider.GetRequiredService<IClusterRegistry>().Clusters, static cluster => Assert.Equal("RoundRobin", cluster.Strategy));
        Assert.Single(provider.GetFakeLogCollector().GetSnapshot(), static record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_reload_reaches_the_clusters_of_service_discovery()
    {
        var configuration = new ReloadableConfiguration(("Strategy", "RoundRobin"));
        var discovery = new StubDiscovery("api");
        discovery.Find("http://10.0.0.1");
        var services = new ServiceCollection();
        services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(configuration.Root);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetAsync("/");

        configuration.Replace(("Strategy", "Random"));

        Assert.Equal("Random", Assert.Single(provider.GetRequiredService<IClusterRegistry>().Clusters).Strategy);
    }

    [Fact]
    public void A_reload_after_the_container_is_disposed_of_does_nothing()
    {
        _provider.Dispose();

        Assert.Null(Record.Exception(() => _configuration.Replace(("Strategy", "RoundRobbing"))));
    }

    [Fact]
    public void The_creation_of_a_client_with_faulty_options_names_every_fault()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(static options =>
        {
            options.Strategy = "RoundRobbing";
            options.HashKey = "body";
        });
        using var provider = services.BuildServiceProvider();

        var fault = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IHttpClientFactory>().CreateClient("api"));

        Assert.Equal(2, fault.Failures.Count());
    }

    private async Task<IEnumerable<string>> HostsOfRequestsAsync(int count)
    {
        var before = _backend.Addresses.Count;
        for (var i = 0; i < count; i++)
        {
            using var response = await _client.GetAsync("/");
        }

        return _backend.Addresses.Skip(before).Select(static address => address.Host).Distinct().Order();
    }

    private sealed class PickyStrategy : ILoadBalancingStrategy
    {
        internal const string StrategyName = "Picky";
        internal const string RefusedHost = "10.0.0.9";

        public string Name => StrategyName;

        public EndpointPicker CreatePicker(EndpointSet endpoints) => endpoints.All.Any(static endpoint => endpoint.Address.Host == RefusedHost)
            ? throw new InvalidOperationException("This strategy does not like one of the endpoints.")
            : new StubStrategy(Name).CreatePicker(endpoints);
    }

    private sealed class ThrowingStrategy : ILoadBalancingStrategy
    {
        internal const string StrategyName = "Throwing";

        public string Name => StrategyName;

        public EndpointPicker CreatePicker(EndpointSet endpoints) => throw new InvalidOperationException("This strategy never works.");
    }
}
