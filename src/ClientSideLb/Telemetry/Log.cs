using Microsoft.Extensions.Logging;

namespace ClientSideLb;

/// <summary>What is logged: one line for each change of state, none for a request. Event ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Client '{Client}', service '{Service}': now {Count} endpoints; {Leaving} that are no longer listed get no new requests.")]
    internal static partial void EndpointsChanged(this ILogger logger, string client, string service, int count, int leaving);

    [LoggerMessage(2, LogLevel.Warning, "Client '{Client}', service '{Service}': service discovery failed; the {Count} endpoints known stay in use. It is asked again in {Pause}.")]
    internal static partial void DiscoveryFailed(this ILogger logger, Exception failure, string client, string service, int count, TimeSpan pause);

    [LoggerMessage(3, LogLevel.Information, "Client '{Client}', service '{Service}': service discovery answers again.")]
    internal static partial void DiscoveryRecovered(this ILogger logger, string client, string service);

    [LoggerMessage(4, LogLevel.Warning, "Client '{Client}', service '{Service}': service discovery found no endpoint; the {Count} endpoints known stay in use.")]
    internal static partial void EmptyDiscoveryIgnored(this ILogger logger, string client, string service, int count);

    [LoggerMessage(5, LogLevel.Warning, "Service discovery for '{Service}' found '{Endpoint}', which cannot be used: its address {Reason}")]
    internal static partial void EndpointNotUsable(this ILogger logger, string service, string endpoint, string reason);

    [LoggerMessage(6, LogLevel.Error, "Client '{Client}': the changed load balancing options are not valid; those from before stay in use.")]
    internal static partial void OptionsReloadRefused(this ILogger logger, Exception fault, string client);

    [LoggerMessage(7, LogLevel.Debug, "Client '{Client}': load balancing options reloaded.")]
    internal static partial void OptionsReloaded(this ILogger logger, string client);

    [LoggerMessage(8, LogLevel.Information, "Client '{Client}', service '{Service}': drain of {Endpoint} began.")]
    internal static partial void DrainBegan(this ILogger logger, string client, string service, Uri endpoint);

    [LoggerMessage(9, LogLevel.Information, "Client '{Client}', service '{Service}': {Endpoint} resumed.")]
    internal static partial void Resumed(this ILogger logger, string client, string service, Uri endpoint);

    [LoggerMessage(10, LogLevel.Warning, "Client '{Client}', service '{Service}': {Endpoint} ejected for {Time}, because {Reason}.")]
    internal static partial void Ejected(this ILogger logger, string client, string service, Uri endpoint, TimeSpan time, string reason);

    [LoggerMessage(11, LogLevel.Information, "Client '{Client}', service '{Service}': {Endpoint} is back after its ejection.")]
    internal static partial void Returned(this ILogger logger, string client, string service, Uri endpoint);

    [LoggerMessage(12, LogLevel.Warning, "Client '{Client}', service '{Service}': {Endpoint} is unhealthy, because {Reason}.")]
    internal static partial void Unhealthy(this ILogger logger, string client, string service, Uri endpoint, string reason);

    [LoggerMessage(13, LogLevel.Information, "Client '{Client}', service '{Service}': {Endpoint} is healthy, its probes pass.")]
    internal static partial void Healthy(this ILogger logger, string client, string service, Uri endpoint);

    [LoggerMessage(14, LogLevel.Error, "Client '{Client}', service '{Service}': panic, {Available} of {Count} endpoints are available; all but the drained are used.")]
    internal static partial void PanicBegan(this ILogger logger, string client, string service, int available, int count);

    [LoggerMessage(15, LogLevel.Information, "Client '{Client}', service '{Service}': panic is over, {Available} of {Count} endpoints are available.")]
    internal static partial void PanicEnded(this ILogger logger, string client, string service, int available, int count);

    [LoggerMessage(16, LogLevel.Debug, "Client '{Client}', service '{Service}': probe of {Endpoint} failed.")]
    internal static partial void ProbeFailed(this ILogger logger, Exception failure, string client, string service, Uri endpoint);

    [LoggerMessage(17, LogLevel.Error, "Client '{Client}', service '{Service}': the strategy '{Strategy}' failed to make a picker; its last one stays in use.")]
    internal static partial void StrategyFailed(this ILogger logger, Exception failure, string client, string service, string strategy);

    [LoggerMessage(18, LogLevel.Debug, "Client '{Client}', service '{Service}': a request moved on from {Endpoint}: {Error}.")]
    internal static partial void Moved(this ILogger logger, string client, string service, Uri? endpoint, string error);
}
