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

    // Service discovery reads "_grpc.orders" as the endpoint named "grpc" of the service "orders". The certificate is for "orders".
    private static string RemoveEndpointName(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1 && dot < host.Length - 1 ? host[(dot + 1)..] : host;
    }
}
