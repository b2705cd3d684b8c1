using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>The log messages about the options of a client. Event ids are stable.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(6, LogLevel.Error, "Client '{Client}': the changed load balancing options are not valid; the previous options stay in use.")]
    internal static partial void OptionsReloadRefused(this ILogger logger, Exception fault, string client);

    [LoggerMessage(7, LogLevel.Information, "Client '{Client}': the load balancing options have changed: {Changes}.")]
    internal static partial void OptionsReloaded(this ILogger logger, string client, string changes);

    [LoggerMessage(20, LogLevel.Warning, "Client '{Client}': the changed load balancing options list no static endpoints; the options from before stay in use. To switch to service discovery, restart the application.")]
    internal static partial void StaticEndpointsMissing(this ILogger logger, string client);

    [LoggerMessage(21, LogLevel.Warning, "Client '{Client}': the changed load balancing options list static endpoints, but the client uses service discovery; the options from before stay in use. To switch to static endpoints, restart the application.")]
    internal static partial void StaticEndpointsIgnored(this ILogger logger, string client);

    [LoggerMessage(22, LogLevel.Warning, "Client '{Client}': the configuration has keys that have no effect, because no load balancing option has these names: {Keys}.")]
    internal static partial void UnknownKeys(this ILogger logger, string client, string keys);

    [LoggerMessage(31, LogLevel.Information, "Client '{Client}': AddLoadBalancing() takes the place of AddServiceDiscovery(), which the client has as well. The balancer asks service discovery itself.")]
    internal static partial void DiscoveryReplaced(this ILogger logger, string client);

    [LoggerMessage(32, LogLevel.Information, "Requests to '{Service}' of client '{Client}' {Effect}: no provider of service discovery knows the name. {Known}")]
    internal static partial void UnknownService(this ILogger logger, string service, string client, string effect, string known);

    [LoggerMessage(33, LogLevel.Information, "Client '{Client}' sends requests to more than {Count} names that no provider of service discovery knows. Further names are not logged.")]
    internal static partial void TooManyUnknownServices(this ILogger logger, string client, int count);

    [LoggerMessage(40, LogLevel.Information, "Requests to '{Host}' of client '{Client}' {Effect}: the host is neither the name of its service nor one of its static endpoints. If it is the service, set it as the base address where the client is registered.")]
    internal static partial void ForeignHost(this ILogger logger, string host, string client, string effect);

    [LoggerMessage(41, LogLevel.Information, "Client '{Client}' sends requests to more than {Count} hosts that are neither its service nor one of its static endpoints. Further hosts are not logged.")]
    internal static partial void TooManyForeignHosts(this ILogger logger, string client, int count);

    [LoggerMessage(42, LogLevel.Warning, "Client '{Client}': a {Handler} was added after AddLoadBalancing(), so it is inside of the balancer. It sends a request again to the endpoint that failed, and a circuit breaker in it counts all endpoints as one. Add it before: var builder = services.AddHttpClient(…); builder.AddStandardResilienceHandler(); builder.AddLoadBalancing();")]
    internal static partial void ResilienceInside(this ILogger logger, string client, string handler);
}
