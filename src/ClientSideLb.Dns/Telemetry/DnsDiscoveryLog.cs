using ClientSideLb.Dns.Questions;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Telemetry;

/// <summary>The log messages of DNS discovery. Event ids are stable, from 200 to 299.</summary>
internal static partial class DnsDiscoveryLog
{
    [LoggerMessage(200, LogLevel.Warning, "DNS, {Question}: the lookup failed, because {Fault}. The {Count} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void LookupFailed(this ILogger logger, DnsQuestion question, string fault, int count, TimeSpan pause);

    [LoggerMessage(201, LogLevel.Debug, "DNS, {Question}: the lookup failed again, because {Fault}. The {Count} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void LookupFailedAgain(this ILogger logger, DnsQuestion question, string fault, int count, TimeSpan pause);

    [LoggerMessage(202, LogLevel.Information, "DNS, {Question}: the lookup works again.")]
    internal static partial void LookupRecovered(this ILogger logger, DnsQuestion question);

    [LoggerMessage(203, LogLevel.Warning, "DNS, {Question}: a part of the lookup failed; what was known of that part stays in use: {Fault}")]
    internal static partial void LookupPartlyFailed(this ILogger logger, DnsQuestion question, string fault);

    [LoggerMessage(204, LogLevel.Information, "DNS, {Question}: there are no such records. The name is left to other providers.")]
    internal static partial void NameMissing(this ILogger logger, DnsQuestion question);

    [LoggerMessage(205, LogLevel.Warning, "DNS, {Question}: there are no such records any more. The {Count} known endpoints stay for {Grace}.")]
    internal static partial void NameMissingForNow(this ILogger logger, DnsQuestion question, int count, TimeSpan grace);

    [LoggerMessage(206, LogLevel.Warning, "DNS, {Question}: there are still no such records. The {Count} last endpoints are given up.")]
    internal static partial void NameGone(this ILogger logger, DnsQuestion question, int count);

    [LoggerMessage(207, LogLevel.Warning, "DNS, {Name} SRV: {Count} of {Total} records have a target without a known address, and are left out.")]
    internal static partial void TargetsWithoutAddress(this ILogger logger, string name, int count, int total);
}
