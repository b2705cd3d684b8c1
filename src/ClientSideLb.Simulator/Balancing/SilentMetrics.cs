using System.Diagnostics.Metrics;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>The metrics of simulated clusters. No listener is attached to them, so that recording costs nothing.</summary>
internal static class SilentMetrics
{
    // All runs share one meter, because the runtime keeps every meter until it is disposed of.
    private static readonly Meter Meter = new("ClientSideLb.Simulator");

    internal static LoadBalancingMetrics Instance { get; } = new(Meter, static () => []);
}
