using System.Net;
using ClientSideLb.Tests.Functional;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Chaos;

/// <summary>All endpoints change at once under load. At any moment there is one to send to, so every request finds one.</summary>
[Collection(ChaosCollection.Name)]
public sealed class ReplacementTests(ITestOutputHelper output)
{
    // With many endpoints on a ring, a new snapshot takes some time.
    private const int Endpoints = 100;
    private const int Changes = 60;

    [Fact]
    public async Task No_request_fails_while_all_endpoints_are_replaced_by_others()
    {
        var configuration = new ReloadableConfiguration(Configuration(0));
        await RunAsync(configuration, i => configuration.Replace(Configuration(i % 2)));
    }

    [Fact]
    public async Task No_request_fails_while_drained_endpoints_change_places_with_the_others()
    {
        var configuration = new ReloadableConfiguration(Weights(0));
        await RunAsync(configuration, i => configuration.Replace(Weights(i % 2)));
    }

    [Fact]
    public async Task No_request_fails_while_all_endpoints_become_unhealthy()
    {
        var sick = false;
        var configuration = new ReloadableConfiguration(
        [
            .. Configuration(0),
            ("ActiveHealthCheck:Enabled", "true"),
            ("ActiveHealthCheck:Interval", "00:00:00.01"),
            ("ActiveHealthCheck:UnhealthyInterval", "00:00:00.01"),
            ("ActiveHealthCheck:UnhealthyThreshold", "1"),
            ("ActiveHealthCheck:MaxConcurrentProbes", "1000"),
        ]);
        await RunAsync(
            configuration,
            i => sick = i % 2 == 0,
            options => options.ActiveHealthCheck.UseProbe(new Probe(() => !sick)),
            (i, cluster) => cluster.InPanic == (i % 2 == 0),
            changes: 6);
    }

    private async Task RunAsync(
        ReloadableConfiguration configuration,
        Action<int> change,
        Action<LoadBalancingOptions>? configure = null,
        Func<int, ICluster, bool>? done = null,
        int changes = Changes)
    {
        await using var client = BalancedClient.Create(builder => builder
            .ConfigurePrimaryHttpMessageHandler(static () => new Stub())
            .AddLoadBalancing(configuration.Root)
            .AddLoadBalancing(options => configure?.Invoke(options)));
        await using var load = new Load(client.Http, clients: 8, request: null);
        for (var i = 0; i < changes; i++)
        {
            await load.AnswersAsync(20);
            change(i);
            if (done is not null)
            {
                await Eventually.True(() => done(i, client.Cluster), "the change is done");
            }
        }

        await load.StopAsync();
        output.WriteLine($"{load.Requests} requests, {load.Failures.Count} failures, {changes} changes");
        Assert.Empty(load.Failures.Select(static failure => failure.Message).Distinct());
        Assert.Equal(0, client.InFlight);
    }

    private static (string Key, string Value)[] Configuration(int set) =>
    [
        ("Strategy", LoadBalancingStrategies.ConsistentHash),
        .. Enumerable.Range(0, Endpoints).Select(i => ($"Endpoints:{i}:Address", $"http://10.0.{set}.{i + 1}/")),
    ];

    private static (string Key, string Value)[] Weights(int set) =>
    [
        .. Configuration(0),
        .. Enumerable.Range(0, Endpoints).Select(i => ($"Endpoints:{i}:Weight", i / (Endpoints / 2) == set ? "1" : "0")),
    ];

    private sealed class Stub : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
    }

    private sealed class Probe(Func<bool> passes) : IHealthProbe
    {
        public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return passes() ? HealthProbeResult.Passed : HealthProbeResult.Failed("the test says so");
        }
    }
}
