using ClientSideLb.Consul.Names;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Consul.Telemetry;

/// <summary>The log messages of discovery in Consul. Event ids are stable: they are from 500 to 599.</summary>
internal static partial class ConsulLog
{
    /// <summary>The category of the log, which is also the name of the meter.</summary>
    internal const string Category = "ClientSideLb.Consul";

    [LoggerMessage(500, LogLevel.Debug, "Service '{Service}': {Endpoints} endpoints, of which {Out} are draining or unhealthy.")]
    internal static partial void EndpointsChanged(this ILogger logger, ConsulServiceName service, int endpoints, int @out);

    [LoggerMessage(501, LogLevel.Warning, "Service '{Service}': {Reason} The {Endpoints} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void WatchFailed(this ILogger logger, ConsulServiceName service, string reason, int endpoints, string pause);

    [LoggerMessage(502, LogLevel.Debug, "Service '{Service}': {Reason} The next attempt is in {Pause}.")]
    internal static partial void WatchFailedAgain(this ILogger logger, ConsulServiceName service, string reason, string pause);

    [LoggerMessage(503, LogLevel.Information, "Service '{Service}': Consul answers again.")]
    internal static partial void WatchRecovered(this ILogger logger, ConsulServiceName service);

    [LoggerMessage(504, LogLevel.Information, "Consul does not know the service '{Service}'. The name is left to the other providers of service discovery.")]
    internal static partial void ServiceNotKnown(this ILogger logger, ConsulServiceName service);

    [LoggerMessage(505, LogLevel.Debug, "Service '{Service}': no one asks for it any more, and its watch ends.")]
    internal static partial void WatchEnded(this ILogger logger, ConsulServiceName service);

    [LoggerMessage(510, LogLevel.Warning, "Service '{Service}': {Count} instances cannot be used. The first one, '{Instance}', {Reason}")]
    internal static partial void InstancesNotUsable(this ILogger logger, ConsulServiceName service, int count, string instance, string reason);

    [LoggerMessage(511, LogLevel.Warning, "Service '{Service}': Consul leaves out instances that the token may not read. The token needs service:read on the service and node:read on its nodes.")]
    internal static partial void ResultsFiltered(this ILogger logger, ConsulServiceName service);

    [LoggerMessage(512, LogLevel.Warning, "Service '{Service}': the answer has no usable header X-Consul-Index, so that Consul is asked every 15 seconds. Something between here and Consul may remove it.")]
    internal static partial void IndexMissing(this ILogger logger, ConsulServiceName service);
}
