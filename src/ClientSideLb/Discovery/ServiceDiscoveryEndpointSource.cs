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
    private HashSet<(string Endpoint, string Property)> _faulty = [];

    public async ValueTask<ResolvedEndpoints> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        var found = await resolver.GetEndpointsAsync(_query, cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(found, _found) && _resolved is not null)
        {
            return _resolved;
        }

        var listed = found.Endpoints.Where(static endpoint => !ServiceDiscoveryInternals.IsPassThrough(endpoint)).ToList();
        var isPassThrough = listed.Count == 0
            && await resolver.IsPassThroughAsync(_query, hasPassThroughProvider: found.Endpoints.Count > 0).ConfigureAwait(false);

        _found = found;
        var metadata = new MetadataReader(_query, _faulty, logger);
        _resolved = new ResolvedEndpoints(
            [.. listed.Select(endpoint => Describe(endpoint, metadata)).OfType<EndpointDescription>()], isPassThrough, found.ChangeToken);
        _faulty = metadata.Faulty;
        return _resolved;
    }

    private EndpointDescription? Describe(ServiceEndpoint endpoint, MetadataReader metadata)
    {
        var address = GetAddress(endpoint.EndPoint);
        if (EndpointAddress.FindFault(address) is { } reason)
        {
            // User information or a query might contain a password, which must not be logged.
            logger.EndpointNotUsable(_query, GetShownAddress(address, endpoint), reason);
            return null;
        }

        var description = new EndpointDescription(new EndpointAddress(address!), HostName: endpoint.Features.Get<IHostNameFeature>()?.HostName);
        return endpoint.Features.Get<EndpointMetadata>() is { } known ? metadata.Apply(known, description) : description;
    }

    // A password or a secret in the query must not be logged.
    private static string GetShownAddress(Uri? address, ServiceEndpoint endpoint)
    {
        if (address is { IsAbsoluteUri: true })
        {
            return LogicalAddress.IsHttp(address.Scheme) ? new EndpointAddress(address).Key : AddressText.GetOrigin(address);
        }

        var text = AddressText.RemoveQuery(endpoint.ToString() ?? "");
        return text[(text.LastIndexOf('@') + 1)..];
    }

    private Uri? GetAddress(EndPoint endPoint) => endPoint switch
    {
        UriEndPoint uri => uri.Uri,
        DnsEndPoint dns => Compose(dns.Host, dns.Port),
        IPEndPoint ip => Compose(ip.Address.ToString(), ip.Port),
        _ => null,
    };

    // An endpoint without a scheme gets the first one that both the request and the options of service discovery allow.
    private Uri? Compose(string host, int port)
    {
        // An IPv6 address needs brackets, and RFC 6874 escapes the '%' before its zone.
        if (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('['))
        {
            host = $"[{host.Replace("%", "%25", StringComparison.Ordinal)}]";
        }

        var requested = service.Scheme.Split('+');
        var scheme = options.AllowAllSchemes
            ? requested[0]
            : Array.Find(requested, one => options.AllowedSchemes.Contains(one, StringComparer.OrdinalIgnoreCase));
        var suffix = port > 0 ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "";
        return scheme is not null && Uri.TryCreate($"{scheme}://{host}{suffix}", UriKind.Absolute, out var address) ? address : null;
    }
}
