using System.Globalization;
using System.Net;
using ClientSideLb.Endpoints;
using ClientSideLb.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>Queries the endpoints of one service from Microsoft.Extensions.ServiceDiscovery.</summary>
internal sealed class ServiceDiscoveryEndpointSource(
    ServiceDiscoveryResolver resolver, LogicalAddress service, ServiceDiscoveryOptions options, ILogger logger) : IEndpointSource
{
    private readonly string _query = service.ToString();
    private ServiceEndpointSource? _found;
    private ResolvedEndpoints? _resolved;

    public async ValueTask<ResolvedEndpoints> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        var found = await resolver.GetEndpointsAsync(_query, cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(found, _found) && _resolved is not null)
        {
            return _resolved;
        }

        var listed = found.Endpoints.Where(static endpoint => !ServiceDiscoveryInternals.IsPassThrough(endpoint)).ToList();
        var isPassThrough = listed.Count == 0
            && (found.Endpoints.Count > 0 || await resolver.IsPassThroughAsync(_query).ConfigureAwait(false));

        _found = found;
        return _resolved = new ResolvedEndpoints([.. listed.Select(Describe).OfType<EndpointDescription>()], isPassThrough, found.ChangeToken);
    }

    private EndpointDescription? Describe(ServiceEndpoint endpoint)
    {
        var address = GetAddress(endpoint.EndPoint);
        if (EndpointAddress.FindFault(address) is { } reason)
        {
            // User information or a query might contain a password, which must not be logged.
            var shown = address is { IsAbsoluteUri: true }
                ? address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
                : endpoint.ToString() ?? "";
            logger.EndpointNotUsable(_query, shown, reason);
            return null;
        }

        return new EndpointDescription(new EndpointAddress(address!), HostName: endpoint.Features.Get<IHostNameFeature>()?.HostName);
    }

    private Uri? GetAddress(EndPoint endPoint) => endPoint switch
    {
        UriEndPoint uri => uri.Uri,
        DnsEndPoint dns => Compose(dns.Host, dns.Port),
        IPEndPoint { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } ip => Compose($"[{ip.Address}]", ip.Port),
        IPEndPoint ip => Compose(ip.Address.ToString(), ip.Port),
        _ => null,
    };

    // An endpoint without a scheme gets the first one that both the request and the options of service discovery allow.
    private Uri? Compose(string host, int port)
    {
        var requested = service.Scheme.Split('+');
        var scheme = options.AllowAllSchemes
            ? requested[0]
            : Array.Find(requested, one => options.AllowedSchemes.Contains(one, StringComparer.OrdinalIgnoreCase));
        var suffix = port > 0 ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "";
        return scheme is not null && Uri.TryCreate($"{scheme}://{host}{suffix}", UriKind.Absolute, out var address) ? address : null;
    }
}
