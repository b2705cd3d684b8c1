using Microsoft.Extensions.Logging;

namespace ClientSideLb.Discovery;

/// <summary>The log messages about service discovery. Event ids are stable.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(2, LogLevel.Warning, "Client '{Client}', service '{Service}': service discovery failed; the {Count} known endpoints stay in use. The next attempt is in {Pause}.")]
    internal static partial void DiscoveryFailed(this ILogger logger, Exception failure, string client, string service, int count, string pause);

    [LoggerMessage(3, LogLevel.Information, "Client '{Client}', service '{Service}': service discovery answers again.")]
    internal static partial void DiscoveryRecovered(this ILogger logger, string client, string service);

    [LoggerMessage(4, LogLevel.Warning, "Client '{Client}', service '{Service}': service discovery found no endpoint; the {Count} known endpoints stay in use.")]
    internal static partial void EmptyDiscoveryIgnored(this ILogger logger, string client, string service, int count);

    [LoggerMessage(5, LogLevel.Warning, "Service discovery for '{Service}' found '{Endpoint}', which cannot be used: its address {Reason}")]
    internal static partial void EndpointNotUsable(this ILogger logger, string service, string endpoint, string reason);

    [LoggerMessage(30, LogLevel.Warning, "Service discovery for '{Service}' gives '{Endpoint}' the {Property} {Value}; expected 0 to {Max}. The endpoint is used with {Used}.")]
    internal static partial void MetadataNotValid(this ILogger logger, string service, string endpoint, string property, int value, int max, int used);
}
