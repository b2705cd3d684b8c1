using ClientSideLb.Dns.Questions;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Telemetry;

/// <summary>The log messages of discovery by DNS. Event ids are stable: they are from 200 to 299.</summary>
internal static partial class DnsDiscoveryLog
{
    /// <summary>The category of the log, which is also the name of the meter.</summary>
    internal const string Category = "ClientSideLb.Dns";

    [LoggerMessage(200, LogLevel.Debug, "Service '{Service}': {Endpoints} endpoints.")]
    internal static partial void EndpointsChanged(this ILogger logger, DnsQuestion service, int endpoints);

    [LoggerMessage(201, LogLevel.Warning, "Service '{Service}': the lookup failed, because {Reason}. The {Endpoints} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void WatchFailed(this ILogger logger, DnsQuestion service, string reason, int endpoints, string pause);

    [LoggerMessage(202, LogLevel.Debug, "Service '{Service}': the lookup failed again, because {Reason}. The next attempt is in {Pause}.")]
    internal static partial void WatchFailedAgain(this ILogger logger, DnsQuestion service, string reason, string pause);

    [LoggerMessage(203, LogLevel.Information, "Service '{Service}': DNS answers again.")]
    internal static partial void WatchRecovered(this ILogger logger, DnsQuestion service);

    [LoggerMessage(204, LogLevel.Information, "DNS does not know the service '{Service}'. The name is left to the other providers of service discovery.")]
    internal static partial void ServiceNotKnown(this ILogger logger, DnsQuestion service);

    [LoggerMessage(205, LogLevel.Debug, "Service '{Service}': no one asks for it any more, and its watch ends.")]
    internal static partial void WatchEnded(this ILogger logger, DnsQuestion service);

    [LoggerMessage(210, LogLevel.Warning, "Service '{Service}': a part of the lookup failed; what was known of that part stays in use: {Reason}")]
    internal static partial void LookupPartlyFailed(this ILogger logger, DnsQuestion service, string reason);

    [LoggerMessage(211, LogLevel.Warning, "Service '{Service}': there are no such records any more. The {Endpoints} known endpoints stay in use for {Grace}.")]
    internal static partial void NameMissingForNow(this ILogger logger, DnsQuestion service, int endpoints, string grace);

    [LoggerMessage(212, LogLevel.Warning, "Service '{Service}': there are still no such records. The {Endpoints} last endpoints are given up.")]
    internal static partial void NameGone(this ILogger logger, DnsQuestion service, int endpoints);

    [LoggerMessage(213, LogLevel.Warning, "Service '{Service} SRV': {Count} of {Total} records have a target without a known address, and are left out.")]
    internal static partial void TargetsWithoutAddress(this ILogger logger, string service, int count, int total);
}
