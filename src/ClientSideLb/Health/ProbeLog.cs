using Microsoft.Extensions.Logging;

namespace ClientSideLb.Health;

/// <summary>The log messages about single probes. Event ids are stable.</summary>
internal static partial class ProbeLog
{
    [LoggerMessage(16, LogLevel.Debug, "Client '{Client}', service '{Service}': probe of {Endpoint} failed: {Reason}")]
    internal static partial void ProbeFailed(this ILogger logger, Exception? failure, string client, string service, Uri endpoint, string reason);
}
