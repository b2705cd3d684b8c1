using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientSideLb.Simulator;

/// <summary>The telemetry of clusters in a simulation: metrics that nobody listens to and a log that keeps nothing.</summary>
internal static class SilentTelemetry
{
    // There is one for all runs: the runtime keeps every meter until it is disposed.
    private static readonly Meter Meter = new("ClientSideLb.Simulator");

    internal static ClientTelemetry Instance { get; } = new(new LoadBalancingMetrics(Meter, static () => []), NullLogger.Instance);
}
