using ClientSideLb.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Requests;

/// <summary>Where the requests of a container report to.</summary>
/// <param name="Metrics">The metrics.</param>
/// <param name="Logger">The log.</param>
internal sealed record ClientTelemetry(LoadBalancingMetrics Metrics, ILogger Logger);
