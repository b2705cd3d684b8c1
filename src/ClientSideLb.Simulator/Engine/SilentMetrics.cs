using System.Diagnostics.Metrics;

namespace ClientSideLb.Simulator;

/// <summary>The instruments that clusters record to in a simulation: nobody listens, and what nobody listens to costs nothing.</summary>
internal static class SilentMetrics
{
    // One for all runs: the runtime keeps every meter until it is disposed of.
    private static readonly Meter Meter = new("ClientSideLb.Simulator");

    internal static LoadBalancingMetrics Instance { get; } = new(Meter, static () => []);
}
