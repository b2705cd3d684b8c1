using System.Reflection;

namespace ClientSideLb.Telemetry;

/// <summary>The names in metrics and traces. Dashboards and alerts depend on them, so they must not change.</summary>
internal static class TelemetryNames
{
    internal const string Meter = "ClientSideLb";

    /// <summary>The version of the meter, which is the version of the package.</summary>
    internal static readonly string? Version =
        typeof(TelemetryNames).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    internal const string Requests = "clientsidelb.requests";
    internal const string UnbalancedRequests = "clientsidelb.unbalanced_requests";
    internal const string AttemptDuration = "clientsidelb.attempt.duration";
    internal const string Failovers = "clientsidelb.failovers";
    internal const string InFlight = "clientsidelb.endpoint.in_flight";
    internal const string Penalty = "clientsidelb.endpoint.penalty";
    internal const string LatencyEstimate = "clientsidelb.endpoint.latency_estimate";
    internal const string EndpointHealth = "clientsidelb.endpoint.health";
    internal const string Available = "clientsidelb.endpoint.available";
    internal const string Ejections = "clientsidelb.ejections";
    internal const string Panic = "clientsidelb.cluster.panic";
    internal const string Listed = "clientsidelb.cluster.listed";
    internal const string LevelShare = "clientsidelb.level.share";
    internal const string Limit = "clientsidelb.endpoint.limit";
    internal const string Queued = "clientsidelb.cluster.queued";
    internal const string QueueDuration = "clientsidelb.queue.duration";
    internal const string Saturated = "clientsidelb.saturated";
    internal const string ProbeDuration = "clientsidelb.probe.duration";
    internal const string DiscoveryQueries = "clientsidelb.discovery.queries";
    internal const string SnapshotBuildDuration = "clientsidelb.snapshot.build.duration";

    internal const string Client = "clientsidelb.client";
    internal const string Service = "clientsidelb.service";
    internal const string Strategy = "clientsidelb.strategy";
    internal const string Endpoint = "clientsidelb.endpoint";
    internal const string Zone = "clientsidelb.zone";
    internal const string Priority = "clientsidelb.priority";
    internal const string Local = "clientsidelb.local";
    internal const string Outcome = "clientsidelb.outcome";
    internal const string FailoverKind = "clientsidelb.failover.kind";
    internal const string Health = "clientsidelb.health";
    internal const string EjectionReason = "clientsidelb.ejection.reason";
    internal const string Attempts = "clientsidelb.attempts";
    internal const string ErrorType = "error.type";

    internal const string FailoverEvent = "clientsidelb.failover";

    /// <summary>The value of an attribute that stands for all values beyond the limit, by OpenTelemetry's convention.</summary>
    internal const string Other = "_OTHER";

    internal const string Success = "success";
    internal const string Failure = "failure";
    internal const string Cancelled = "cancelled";
    internal const string Rejected = "rejected";
    internal const string Timeout = "timeout";
    internal const string NoEndpoint = "no_endpoint";
    internal const string Empty = "empty";
    internal const string Retry = "retry";
    internal const string Hedge = "hedge";
}
