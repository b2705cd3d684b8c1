using ClientSideLb.Kubernetes.Names;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Telemetry;

/// <summary>The log messages of discovery in Kubernetes. Event ids are stable: they are from 400 to 499.</summary>
internal static partial class KubernetesLog
{
    /// <summary>The category of the log, which is also the name of the meter.</summary>
    internal const string Category = "ClientSideLb.Kubernetes";

    [LoggerMessage(400, LogLevel.Debug, "Service '{Service}': {Endpoints} endpoints in {Slices} slices.")]
    internal static partial void EndpointsChanged(this ILogger logger, KubernetesServiceName service, int endpoints, int slices);

    [LoggerMessage(401, LogLevel.Warning, "Service '{Service}': {Reason} The {Endpoints} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void WatchFailed(this ILogger logger, KubernetesServiceName service, string reason, int endpoints, string pause);

    [LoggerMessage(402, LogLevel.Debug, "Service '{Service}': {Reason} The next attempt is in {Pause}.")]
    internal static partial void WatchFailedAgain(this ILogger logger, KubernetesServiceName service, string reason, string pause);

    [LoggerMessage(403, LogLevel.Information, "Service '{Service}': the API server answers again.")]
    internal static partial void WatchRecovered(this ILogger logger, KubernetesServiceName service);

    [LoggerMessage(EventId = 404, Message = "Kubernetes does not know the service '{Service}'. The name is left to the other providers of service discovery.")]
    internal static partial void ServiceNotKnown(this ILogger logger, LogLevel level, KubernetesServiceName service);

    [LoggerMessage(405, LogLevel.Debug, "Service '{Service}': no one asks for it any more, and its watch ends.")]
    internal static partial void WatchEnded(this ILogger logger, KubernetesServiceName service);

    [LoggerMessage(410, LogLevel.Information, "Not in a Kubernetes cluster: KUBERNETES_SERVICE_HOST is not set, nor is KubernetesDiscoveryOptions.ApiServer. All names are left to the other providers of service discovery.")]
    internal static partial void NotInCluster(this ILogger logger);

    [LoggerMessage(411, LogLevel.Warning, "Service '{Service}': the EndpointSlice '{Slice}' is malformed, and its last good state stays in use. {Reason}")]
    internal static partial void SliceMalformed(this ILogger logger, KubernetesServiceName service, string slice, string reason);

    [LoggerMessage(412, LogLevel.Warning, "Service '{Service}': {Count} EndpointSlices have no port for '{Query}', and their endpoints are not used. {Reason}")]
    internal static partial void PortMissing(this ILogger logger, KubernetesServiceName service, int count, string query, string reason);

    [LoggerMessage(413, LogLevel.Information, "This application runs in zone '{Zone}', as {Source} says.")]
    internal static partial void OwnZoneFound(this ILogger logger, string zone, string source);

    [LoggerMessage(414, LogLevel.Warning, "The zone of node '{Node}', on which this application runs, is not known: {Reason} Until it is known, clients without a zone of their own ignore zones.")]
    internal static partial void OwnZoneNotFound(this ILogger logger, string node, string reason);
}
