using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>The log messages about the options of a client. Event ids are stable.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(6, LogLevel.Error, "Client '{Client}': the changed load balancing options are not valid; the previous options stay in use.")]
    internal static partial void OptionsReloadRefused(this ILogger logger, Exception fault, string client);

    [LoggerMessage(7, LogLevel.Debug, "Client '{Client}': load balancing options reloaded.")]
    internal static partial void OptionsReloaded(this ILogger logger, string client);
}
