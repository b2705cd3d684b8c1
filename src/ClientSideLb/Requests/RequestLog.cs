using Microsoft.Extensions.Logging;

namespace ClientSideLb.Requests;

/// <summary>The log messages about single requests. Event ids are stable.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(18, LogLevel.Debug, "Client '{Client}', service '{Service}': a request moved on from {Endpoint}: {Error}.")]
    internal static partial void Moved(this ILogger logger, string client, string service, string? endpoint, string error);
}
