using System.Globalization;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Requests;

/// <summary>Decides which name a balanced request sends in its <c>Host</c> header.</summary>
internal static class HostHeaderRules
{
    /// <summary>Gets the name to send, or <see langword="null"/> if it is the one in the endpoint's address.</summary>
    internal static string? GetName(ClusterEndpoint endpoint, Uri logical, HostHeaderMode mode) => mode switch
    {
        HostHeaderMode.Service => GetLogicalName(logical, endpoint.Location.IsHttps),
        HostHeaderMode.Auto when endpoint.HostName is null && endpoint.Location is { IsHttps: true, IsIpAddress: true } =>
            GetLogicalName(logical, https: true),
        _ => endpoint.HostName,
    };

    private static string GetLogicalName(Uri logical, bool https)
    {
        var host = RemoveEndpointName(logical.Host);
        return logical.IsDefaultPort || logical.Port == EndpointAddress.GetDefaultPort(https)
            ? host
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{logical.Port}");
    }

    /// <summary>Removes the name of an endpoint from a host.</summary>
    /// <remarks>Service discovery reads <c>_grpc.orders</c> as the endpoint named <c>grpc</c> of the service <c>orders</c>. The certificate is for <c>orders</c>.</remarks>
    internal static string RemoveEndpointName(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1 && dot < host.Length - 1 ? host[(dot + 1)..] : host;
    }
}
