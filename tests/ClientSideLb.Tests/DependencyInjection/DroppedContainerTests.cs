using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests;

/// <summary>A container that is dropped without being disposed is collected, and so are its handlers.</summary>
public sealed class DroppedContainerTests
{
    private readonly ReloadableConfiguration _services = new(("services:api:http:0", "http://10.0.0.1"), ("services:api:http:1", "http://10.0.0.2"));

    [Fact]
    public Task Without_the_balancer_it_is_collected() => AssertCollectedAsync(static _ => { });

    [Fact]
    public Task With_a_discovered_service_it_is_collected() => AssertCollectedAsync(static client => client.AddLoadBalancing());

    [Fact]
    public Task With_a_name_that_is_no_service_s_it_is_collected() =>
        AssertCollectedAsync(static client => client.ConfigureHttpClient(static http => http.BaseAddress = new Uri("http://elsewhere/")).AddLoadBalancing());

    [Fact]
    public Task With_static_endpoints_it_is_collected() => AssertCollectedAsync(static client =>
        client.AddLoadBalancing(static options => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") })));

    [Fact]
    public Task With_probes_and_slow_start_it_is_collected() => AssertCollectedAsync(static client => client.AddLoadBalancing(static options =>
    {
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(20);
        options.ActiveHealthCheck.UseProbe(new Passing());
        options.SlowStart = TimeSpan.FromSeconds(1);
    }));

    [Fact]
    public async Task With_a_configuration_that_lives_longer_it_is_collected()
    {
        var options = new ReloadableConfiguration(("Strategy", "RoundRobin"));

        await AssertCollectedAsync(client => client.AddLoadBalancing(options.Root));

        options.Replace(("Strategy", "Random"));
    }

    private async Task AssertCollectedAsync(Action<IHttpClientBuilder> configure)
    {
        var (container, handler) = await UseAndDropAsync(configure);

        await Eventually.True(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !container.IsAlive && !handler.IsAlive;
            },
            "the container and its handler are collected");
        GC.KeepAlive(_services);
    }

    // The factory's own timer keeps a handler, and with it the container, until the handler's lifetime has passed. So it is infinite here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(WeakReference Container, WeakReference Handler)> UseAndDropAsync(Action<IHttpClientBuilder> configure)
    {
        var backend = new StubBackend();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(_services.Root);
        configure(services.AddHttpClient("api", static http => http.BaseAddress = new Uri("http://api/"))
            .ConfigurePrimaryHttpMessageHandler(() => backend)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan));
        var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var i = 0; i < 3; i++)
        {
            (await client.GetAsync("/a")).Dispose();
        }

        return (new WeakReference(provider), new WeakReference(backend));
    }

    private sealed class Passing : IHealthProbe
    {
        public ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken) => new(HealthProbeResult.Passed);
    }
}
