using Microsoft.Extensions.Logging;

namespace ClientSideLb.Health;

/// <summary>The log messages about probes. Event ids are stable. No message contains the text of an exception, see <see cref="ProbeFailure"/>.</summary>
internal static partial class ProbeLog
{
    [LoggerMessage(16, LogLevel.Debug, "Client '{Client}', service '{Service}': probe of {Endpoint} failed: {Reason}")]
    internal static partial void ProbeFailed(this ILogger logger, string client, string service, string endpoint, string reason);

    [LoggerMessage(25, LogLevel.Warning, "Client '{Client}', service '{Service}': probes cannot be sent, because the configuration of the client throws {Error}. They do not change the health of any endpoint. Until a probe can be sent, this is not logged again.")]
    internal static partial void ProbesNotSent(this ILogger logger, string client, string service, string error);
}
