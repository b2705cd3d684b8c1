using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Telemetry;

/// <summary>The log messages of discovery in Kubernetes. Event ids are stable: they are from 400 to 499.</summary>
internal static partial class KubernetesLog
{
    internal const string Category = "ClientSideLb.Kubernetes";

    [LoggerMessage(400, LogLevel.Information, "Not in a Kubernetes cluster: KUBERNETES_SERVICE_HOST is not set, nor is KubernetesDiscoveryOptions.ApiServer. All names are left to the other providers of service discovery.")]
    internal static partial void NotInCluster(this ILogger logger);

    [LoggerMessage(401, LogLevel.Debug, "Service '{Service}' in namespace '{Namespace}': {Endpoints} endpoints in {Slices} slices.")]
    internal static partial void EndpointsChanged(this ILogger logger, string service, string @namespace, int endpoints, int slices);

    [LoggerMessage(402, LogLevel.Warning, "Service '{Service}' in namespace '{Namespace}': {Reason} The {Endpoints} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void WatchFailed(this ILogger logger, string service, string @namespace, string reason, int endpoints, TimeSpan pause);

    [LoggerMessage(403, LogLevel.Debug, "Service '{Service}' in namespace '{Namespace}': {Reason} The next attempt is in {Pause}.")]
    internal static partial void WatchFailedAgain(this ILogger logger, string service, string @namespace, string reason, TimeSpan pause);

    [LoggerMessage(404, LogLevel.Information, "Service '{Service}' in namespace '{Namespace}': the API server answers again.")]
    internal static partial void WatchRecovered(this ILogger logger, string service, string @namespace);

    [LoggerMessage(405, LogLevel.Warning, "Service '{Service}' in namespace '{Namespace}': the EndpointSlice '{Slice}' is malformed, and its last good state stays in use. {Reason}")]
    internal static partial void SliceMalformed(this ILogger logger, string service, string @namespace, string slice, string reason);

    [LoggerMessage(406, LogLevel.Warning, "Service '{Service}' in namespace '{Namespace}': {Count} EndpointSlices have no port for '{Query}', and their endpoints are not used. {Reason}")]
    internal static partial void PortMissing(this ILogger logger, string service, string @namespace, int count, string query, string reason);

    [LoggerMessage(EventId = 407, Message = "There is no service '{Service}' in namespace '{Namespace}'. The name is left to the other providers of service discovery.")]
    internal static partial void ServiceNotKnown(this ILogger logger, LogLevel level, string service, string @namespace);

    [LoggerMessage(408, LogLevel.Information, "This application runs in zone '{Zone}', as {Source} says.")]
    internal static partial void OwnZoneFound(this ILogger logger, string zone, string source);

    [LoggerMessage(409, LogLevel.Warning, "The zone of node '{Node}', on which this application runs, is not known: {Reason} Until it is known, clients without a zone of their own ignore zones.")]
    internal static partial void OwnZoneNotFound(this ILogger logger, string node, string reason);

    [LoggerMessage(410, LogLevel.Debug, "Service '{Service}' in namespace '{Namespace}': no one asks for it any more, and its watch ends.")]
    internal static partial void WatchEnded(this ILogger logger, string service, string @namespace);
}
