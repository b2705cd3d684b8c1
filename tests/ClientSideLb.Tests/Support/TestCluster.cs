using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Makes clusters on virtual time, and picks from them.</summary>
internal static class TestCluster
{
    /// <summary>The needs of a request that can be sent again over any scheme.</summary>
    internal static readonly EndpointNeeds AnyEndpoint = new(HttpsOnly: false, IsReplayable: true);

    private static readonly HttpResponseMessage Answer = new();

    internal static Cluster Create(ILoadBalancingStrategy? strategy = null) => new(
        "client",
        "api",
        Settings(strategy ?? new RoundRobinStrategy()),
        new FakeTimeProvider(),
        new SeededRandom(1),
        listeners: []);

    /// <summary>Gets instruments without a listener.</summary>
    internal static LoadBalancingMetrics Metrics { get; } = new(new Meter("ClientSideLb.Tests"), static () => []);

    /// <summary>Gets telemetry without a listener.</summary>
    internal static ClientTelemetry Telemetry { get; } = new(Metrics, NullLogger.Instance);

    /// <summary>Makes a listener that logs the events of a cluster.</summary>
    internal static IClusterListener TelemetryTo(ILogger logger) => new ClusterTelemetry(logger, Metrics);

    /// <summary>The default settings of a cluster, with a strategy.</summary>
    internal static ClusterSettings Settings(ILoadBalancingStrategy strategy) =>
        ClusterSettings.Of(new LoadBalancingOptions(), strategy, TimeProvider.System);

    internal static Cluster Of(params string[] addresses) => Of(new RoundRobinStrategy(), addresses);

    internal static Cluster Of(ILoadBalancingStrategy strategy, params string[] addresses)
    {
        var cluster = Create(strategy);
        cluster.List(addresses);
        return cluster;
    }

    /// <summary>Lists endpoints of weight 1.</summary>
    internal static void List(this Cluster cluster, params string[] addresses) =>
        cluster.Update([.. addresses.Select(static address => Backends.Described(address))]);

    internal static EndpointLease? Acquire(this Cluster cluster, bool httpsOnly = false, params ClusterEndpoint[] excluded) =>
        cluster.Acquire(new PickContext(new SeededRandom(1), "key", excluded: excluded), new EndpointNeeds(httpsOnly, IsReplayable: true));

    /// <summary>Acquires a lease for a request that has tried all available endpoints.</summary>
    internal static EndpointLease? AcquireLastResort(this Cluster cluster, in PickContext context) =>
        cluster.Snapshot.GetView(httpsOnly: false).Find(in context, EndpointSearch.LastResort, out _) is { } endpoint
            ? EndpointLease.TryTake(endpoint, cluster.Clock.GetTimestamp())
            : null;

    /// <summary>Ends an attempt, with a response that is no server error or without one.</summary>
    /// <remarks>A pause that the endpoint asks for is the second in a row, which counts.</remarks>
    internal static void Observe(this Cluster cluster, EndpointLease lease, AttemptVerdict verdict, bool isAnswered, TimeSpan? setAside = null, bool isRejected = false)
    {
        if (setAside is not null && !isRejected)
        {
            lease.Endpoint.Failures.ObserveRetryAfter();
        }

        cluster.Observe(lease, new AttemptResult { Endpoint = lease.Endpoint, Request = null!, Response = isAnswered ? Answer : null, Verdict = verdict, IsFromPrimary = true, IsRejected = isRejected }, setAside);
    }

    internal static void ObserveProbe(this Cluster cluster, ClusterEndpoint endpoint, bool passes, long started) =>
        cluster.ObserveProbe(endpoint, passes ? HealthProbeResult.Passed : HealthProbeResult.Failed("it answered 500"), started);

    /// <summary>Acquires and releases a number of leases, and gets their endpoints.</summary>
    internal static List<ClusterEndpoint> Acquire(this Cluster cluster, int times, bool httpsOnly = false)
    {
        var endpoints = new List<ClusterEndpoint>();
        for (var i = 0; i < times; i++)
        {
            var lease = cluster.Acquire(httpsOnly);
            Assert.NotNull(lease);
            endpoints.Add(lease.Endpoint);
            lease.Release();
        }

        return endpoints;
    }

    internal static ClusterEndpoint At(this Cluster cluster, string address) =>
        cluster.Endpoints.Single(endpoint => endpoint.Address == new Uri(address));
}
