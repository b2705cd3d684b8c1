using Microsoft.Extensions.Logging;

namespace ClientSideLb.Telemetry;

/// <summary>The log messages about changes of a cluster. Event ids are stable.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(1, LogLevel.Information, "Client '{Client}', service '{Service}': endpoints listed now: {Count}. Came: {Came}. Went: {Went}.")]
    internal static partial void EndpointsChanged(this ILogger logger, string client, string service, int count, string came, string went);

    [LoggerMessage(43, LogLevel.Information, "Client '{Client}', service '{Service}': endpoints have changed: {Changes}.")]
    internal static partial void EndpointsAltered(this ILogger logger, string client, string service, string changes);

    [LoggerMessage(28, LogLevel.Information, "Client '{Client}', service '{Service}': this client uses other endpoints now, {Used} of {Listed}, because the listed endpoints, their health or the settings of the subset have changed.")]
    internal static partial void SubsetChanged(this ILogger logger, string client, string service, int used, int listed);

    [LoggerMessage(8, LogLevel.Information, "Client '{Client}', service '{Service}': the drain of {Endpoint} began.")]
    internal static partial void DrainBegan(this ILogger logger, string client, string service, string endpoint);

    [LoggerMessage(9, LogLevel.Information, "Client '{Client}', service '{Service}': the drain of {Endpoint} ended.")]
    internal static partial void Resumed(this ILogger logger, string client, string service, string endpoint);

    [LoggerMessage(10, LogLevel.Warning, "Client '{Client}', service '{Service}': {Endpoint} ejected for {Time}, because {Reason}.")]
    internal static partial void Ejected(this ILogger logger, string client, string service, string endpoint, string time, string reason);

    [LoggerMessage(23, LogLevel.Information, "Client '{Client}', service '{Service}': {Endpoint} set aside for {Time}, because {Reason}.")]
    internal static partial void SetAside(this ILogger logger, string client, string service, string endpoint, string time, string reason);

    [LoggerMessage(11, LogLevel.Information, "Client '{Client}', service '{Service}': {Endpoint} is back, because {Reason}.")]
    internal static partial void Returned(this ILogger logger, string client, string service, string endpoint, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Client '{Client}', service '{Service}': {Endpoint} is unhealthy, because {Reason}.")]
    internal static partial void Unhealthy(this ILogger logger, string client, string service, string endpoint, string reason);

    [LoggerMessage(13, LogLevel.Information, "Client '{Client}', service '{Service}': {Endpoint} is healthy, because {Reason}.")]
    internal static partial void Healthy(this ILogger logger, string client, string service, string endpoint, string reason);

    [LoggerMessage(14, LogLevel.Error, "Client '{Client}', service '{Service}': panic, {Available} of {Count} endpoints are available; all but the drained ones are used.")]
    internal static partial void PanicBegan(this ILogger logger, string client, string service, int available, int count);

    [LoggerMessage(15, LogLevel.Information, "Client '{Client}', service '{Service}': panic is over, {Available} of {Count} endpoints are available.")]
    internal static partial void PanicEnded(this ILogger logger, string client, string service, int available, int count);

    [LoggerMessage(26, LogLevel.Information, "Client '{Client}', service '{Service}': requests go to {Shares}, because {Available} are available.")]
    internal static partial void SpillOver(this ILogger logger, string client, string service, string shares, string available);

    [LoggerMessage(27, LogLevel.Information, "Client '{Client}', service '{Service}': all requests go to {Level} again, {Available} of {Count} endpoints are available there.")]
    internal static partial void SpillOverEnded(this ILogger logger, string client, string service, string level, int available, int count);

    [LoggerMessage(17, LogLevel.Error, "Client '{Client}', service '{Service}': the strategy '{Strategy}' failed to make a picker; its last one stays in use.")]
    internal static partial void StrategyFailed(this ILogger logger, Exception failure, string client, string service, string strategy);

    [LoggerMessage(19, LogLevel.Error, "Client '{Client}', service '{Service}': the strategy '{Strategy}' failed to learn from an attempt. Requests are not affected. Further failures are not logged.")]
    internal static partial void ResultNotObserved(this ILogger logger, Exception failure, string client, string service, string strategy);

    [LoggerMessage(44, LogLevel.Error, "Client '{Client}', service '{Service}': a callback for the cluster's change token failed. The cluster is not affected.")]
    internal static partial void ChangeCallbackFailed(this ILogger logger, Exception failure, string client, string service);
}
