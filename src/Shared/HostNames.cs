using System.Net;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Shared;

/// <summary>Reads the names of hosts, and makes addresses from them.</summary>
internal static class HostNames
{
    /// <summary>Tells whether a host is an IP address or this machine, which no source of endpoints knows better.</summary>
    internal static bool NeedNoLookup(string host) =>
        host.Length == 0
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets the host of a request. Service discovery reads <c>_http.api</c> as the endpoint named <c>http</c> of the service <c>api</c>.</summary>
    internal static string GetHost(ServiceEndpointQuery query) =>
        query.EndpointName is { } endpoint ? $"_{endpoint}.{query.ServiceName}" : query.ServiceName;

    /// <summary>Makes the address of an endpoint.</summary>
    /// <param name="scheme">The scheme, or <see langword="null"/> for that of the request.</param>
    /// <param name="host">The IP address, without brackets, or the name of the host.</param>
    /// <param name="port">The port, or 0 for the default one of the scheme.</param>
    internal static EndPoint CreateEndPoint(string? scheme, string host, int port)
    {
        if (scheme is not null)
        {
            return new UriEndPoint(new UriBuilder(scheme, host, port == 0 ? -1 : port).Uri);
        }

        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }
}
