using System.Globalization;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>Decides which <c>Host</c> header a balanced request carries.</summary>
internal static class HostHeaderRules
{
    /// <summary>Gets the name to send, or <see langword="null"/> where the one in the endpoint's address will do.</summary>
    internal static string? GetName(ClusterEndpoint endpoint, Uri logical, HostHeaderMode mode) => mode switch
    {
        HostHeaderMode.Service => LogicalName(logical, endpoint.Location.IsHttps),
        HostHeaderMode.Auto when endpoint.HostName is null && endpoint.Location is { IsHttps: true, IsIpAddress: true } =>
            LogicalName(logical, https: true),
        _ => endpoint.HostName,
    };

    private static string LogicalName(Uri logical, bool https)
    {
        var host = WithoutEndpointName(logical.Host);
        return logical.IsDefaultPort || logical.Port == EndpointAddress.GetDefaultPort(https)
            ? host
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{logical.Port}");
    }

    // In "_grpc.orders" service discovery reads "_grpc" as the name of an endpoint; the service, and its certificate, go by "orders".
    private static string WithoutEndpointName(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1 && dot < host.Length - 1 ? host[(dot + 1)..] : host;
    }
}
