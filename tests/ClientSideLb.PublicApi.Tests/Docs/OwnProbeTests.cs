using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests.Docs;

/// <summary>The C# of docs/write-a-probe.md, and what it does.</summary>
public sealed class OwnProbeTests
{
    [Fact]
    public async Task A_backend_is_as_healthy_as_the_probe_says()
    {
        var backlog = "5000";
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddOrders();
        AddProbe(services);
        services.AddSingleton<TimeProvider>(time);
        services.AddHttpClient("probes").ConfigurePrimaryHttpMessageHandler(() => new StubBackends(request => new HttpResponseMessage
        {
            Content = new StringContent(request.RequestUri!.Host == "10.0.0.1" ? Volatile.Read(ref backlog) : "3"),
        }));
        await using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<OrdersClient>();
        var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();
        var first = cluster.Endpoints.Single(static endpoint => endpoint.Address.Host == "10.0.0.1");
        var second = cluster.Endpoints.Single(static endpoint => endpoint.Address.Host == "10.0.0.2");

        await PassesAsync(time, () => first.Health == EndpointHealth.Unhealthy && second.Health == EndpointHealth.Healthy);
        Assert.Equal("2 probes in a row failed: its backlog is 5000", first.HealthReason);

        Volatile.Write(ref backlog, "999");
        await PassesAsync(time, () => first.Health == EndpointHealth.Healthy);
    }

    private static Task PassesAsync(FakeTimeProvider time, Func<bool> condition) => Eventually.True(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        "the health of the endpoints follows the probes");

    private static void AddProbe(IServiceCollection services)
    {
        services.AddHttpClient("probes");
        services.AddSingleton<BacklogProbe>();
        services.AddHttpClient("orders").AddLoadBalancing(options => options.ActiveHealthCheck.Enabled = true);
        services.AddOptions<LoadBalancingOptions>("orders")
            .Configure<BacklogProbe>((options, probe) => options.ActiveHealthCheck.UseProbe(probe));
    }
}
