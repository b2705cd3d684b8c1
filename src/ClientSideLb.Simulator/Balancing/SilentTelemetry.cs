using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>The telemetry of simulated clusters: metrics without a listener, and a log that keeps nothing.</summary>
internal static class SilentTelemetry
{
    // All runs share one meter, because the runtime keeps every meter until it is disposed.
    private static readonly Meter Meter = new("ClientSideLb.Simulator");

    internal static ClientTelemetry Instance { get; } = new(new LoadBalancingMetrics(Meter, static () => []), NullLogger.Instance);
}
