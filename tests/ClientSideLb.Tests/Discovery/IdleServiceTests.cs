using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

/// <summary>A service that no request uses for a while costs nothing, and is as it was if it is soon needed again.</summary>
public sealed class IdleServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly ObservedTime _time = new();
    private readonly StubBackend _backend = new();
    private readonly StubDiscovery _discovery = new("api");
    private readonly CountingProbe _probe = new();
    private readonly ServiceProvider _provider;
    private readonly HttpClient _client;
    private bool _probes;

    public IdleServiceTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IServiceEndpointProviderFactory>(_discovery);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            options.ActiveHealthCheck.Enabled = _probes;
            options.ActiveHealthCheck.UseProbe(_probe);
        });
        _provider = services.BuildServiceProvider();
        _discovery.Find("http://10.0.0.1", "http://10.0.0.2");
        _client = new HttpClient(new Late(() => _provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("api"))) { BaseAddress = new Uri("http://api/") };
    }

    private IReadOnlyCollection<ICluster> Clusters => _provider.GetRequiredService<IClusterRegistry>().Clusters;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _backend.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task An_idle_service_leaves_the_registry_and_discovery_is_not_asked_any_more()
    {
        await _client.GetAsync("/");
        Assert.Single(Clusters);

        await PassUntilIdleAsync();
        var asked = _discovery.Asked;
        await PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(asked, _discovery.Asked);
    }

    [Fact]
    public async Task If_it_is_soon_used_again_its_endpoints_are_those_that_they_were()
    {
        await _client.GetAsync("/");
        var cluster = Assert.Single(Clusters);
        var endpoints = cluster.Endpoints.ToArray();
        await PassUntilIdleAsync();
        _discovery.Find("http://10.0.0.2", "http://10.0.0.3");
        _discovery.Change();

        await _client.GetAsync("/");
        await _client.GetAsync("/");

        Assert.Same(cluster, Assert.Single(Clusters));
        Assert.Equal(["10.0.0.2", "10.0.0.3"], cluster.Endpoints.Select(static endpoint => endpoint.Address.Host));
        Assert.Same(endpoints[1], cluster.Endpoints[0]);
        Assert.Equal(["10.0.0.2", "10.0.0.3"], _backend.Addresses.Skip(1).Select(static address => address.Host).Order());
    }

    [Fact]
    public async Task If_discovery_fails_when_it_is_used_again_the_known_endpoints_are_used()
    {
        await _client.GetAsync("/");
        await PassUntilIdleAsync();
        _discovery.Fault = new IOException("DNS is away.");

        await _client.GetAsync("/");

        Assert.Equal(2, _backend.Addresses.Count);
    }

    [Fact]
    public async Task An_idle_service_with_an_endpoint_drained_by_hand_stays()
    {
        await _client.GetAsync("/");
        Assert.Single(Clusters).TryDrain(new Uri("http://10.0.0.1"));

        await PassAsync(TimeSpan.FromMinutes(20));
        for (var i = 0; i < 4; i++)
        {
            await _client.GetAsync("/");
        }

        Assert.All(_backend.Addresses.Skip(1), static address => Assert.Equal("10.0.0.2", address.Host));
        Assert.Single(Clusters);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task A_drain_of_a_cluster_that_the_application_has_kept_is_not_lost(int minutesLater)
    {
        await _client.GetAsync("/");
        var cluster = Assert.Single(Clusters);
        await PassUntilIdleAsync();
        await PassAsync(TimeSpan.FromMinutes(minutesLater));

        Assert.True(cluster.TryDrain(new Uri("http://10.0.0.1")));
        Assert.Same(cluster, Assert.Single(Clusters));
        await PassAsync(TimeSpan.FromMinutes(20));
        for (var i = 0; i < 4; i++)
        {
            await _client.GetAsync("/");
        }

        Assert.All(_backend.Addresses.Skip(1), static address => Assert.Equal("10.0.0.2", address.Host));
        Assert.Same(cluster, Assert.Single(Clusters));
    }

    [Fact]
    public async Task An_idle_service_is_not_probed_and_one_that_is_used_again_is()
    {
        _probes = true;
        await _client.GetAsync("/");
        await Eventually.True(() => Pass(Poll) && _probe.Count > 2, "the endpoints are probed");

        await PassUntilIdleAsync();
        var count = _probe.Count;
        await PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(count, _probe.Count);

        await _client.GetAsync("/");
        await Eventually.True(() => Pass(Poll) && _probe.Count > count, "the endpoints are probed again");
    }

    [Fact]
    public async Task The_service_that_the_host_has_started_to_probe_goes_on_without_requests()
    {
        _probes = true;
        _provider.GetRequiredService<ClusterRegistry>().GetClient("api").Start(new Uri("http://api/"));

        await PassAsync(TimeSpan.FromMinutes(10));
        var count = _probe.Count;
        await Eventually.True(() => Pass(Poll) && _probe.Count > count, "the endpoints are probed");

        Assert.Single(Clusters);
    }

    [Fact]
    public async Task After_a_long_time_nothing_is_left_of_an_idle_service()
    {
        var endpoint = await UseAsync();
        await PassUntilIdleAsync();

        await Eventually.True(
            () =>
            {
                Pass(TimeSpan.FromMinutes(1));
                GC.Collect();
                return !endpoint.TryGetTarget(out _);
            },
            "the endpoint is collected");

        async Task<WeakReference<ClusterEndpoint>> UseAsync()
        {
            (await _client.GetAsync("/")).Dispose();
            return new WeakReference<ClusterEndpoint>(Clusters.Single().Endpoints[0]);
        }
    }

    private Task PassUntilIdleAsync() => Eventually.True(() => Pass(Poll) && Clusters.Count == 0, "the service is idle");

    private bool Pass(TimeSpan time)
    {
        _time.Advance(time);
        return true;
    }

    // The clock moves in steps, so that what begins a pause after another one gets the chance to do so.
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Poll)
        {
            _time.Advance(Poll);
            await Task.Delay(2);
        }
    }

    private sealed class CountingProbe : IHealthProbe
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return new ValueTask<HealthProbeResult>(HealthProbeResult.Passed);
        }
    }

    // Makes the handler with the first request, after the test has set the options.
    private sealed class Late(Func<HttpMessageHandler> create) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            InnerHandler ??= create();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
