using System.Diagnostics.Metrics;
using ClientSideLb.Benchmarks.Picking;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientSideLb.Benchmarks.Changing;

/// <summary>Makes clusters as they are in production, and what discovery lists for them.</summary>
internal static class Clusters
{
    private static readonly ClusterTelemetry Telemetry = new(NullLogger.Instance, new LoadBalancingMetrics(new Meter("ClientSideLb.Benchmarks"), static () => []));

    /// <summary>Makes a cluster that one probe's result is enough for, and that knows no endpoints yet.</summary>
    internal static Cluster Create(string strategy)
    {
        var options = new LoadBalancingOptions();
        options.ActiveHealthCheck.Enabled = true;
        options.ActiveHealthCheck.HealthyThreshold = 1;
        options.ActiveHealthCheck.UnhealthyThreshold = 1;
        var settings = ClusterSettings.Of(options, Strategies.Of(strategy), TimeProvider.System);
        return new Cluster("client", "api", settings, TimeProvider.System, new Random(1), [Telemetry]);
    }

    /// <summary>Lists endpoints.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="count">How many endpoints there are.</param>
    /// <param name="levels">How many priorities they have, in turn.</param>
    internal static EndpointDescription[] Listed(string strategy, int count, int levels = 1) =>
        [.. Enumerable.Range(0, count).Select(i => Described(strategy, i, priority: i % levels))];

    /// <summary>Describes an endpoint, with a weight that differs from its neighbours' where the strategy computes something from weights.</summary>
    internal static EndpointDescription Described(string strategy, int index, int priority = 0)
    {
        const int Weights = 3;

        // A ring is to have as many points as the default gives each endpoint of weight 1.
        var isWeighted = strategy is not (LoadBalancingStrategies.RoundRobin or LoadBalancingStrategies.IpHash or LoadBalancingStrategies.ConsistentHash);
        return new EndpointDescription(Pickers.AddressOf(index), isWeighted ? 1 + (index % Weights) : 1, Priority: priority);
    }
}
