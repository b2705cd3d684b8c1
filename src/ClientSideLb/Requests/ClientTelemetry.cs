using ClientSideLb.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Requests;

/// <summary>The metrics and the log to which requests, clusters and probes report. All clients of a container share them.</summary>
/// <param name="Metrics">The metrics.</param>
/// <param name="Logger">The log.</param>
internal sealed record ClientTelemetry(LoadBalancingMetrics Metrics, ILogger Logger);
