using System.Net;
using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Watching;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Providers;

/// <summary>Gives service discovery what DNS knows of one service.</summary>
internal sealed class DnsEndpointProvider : INameAwareEndpointProvider, IHostNameFeature
{
    private readonly WatchedNames _names;
    private readonly WatchedName _name;
    private readonly ServiceEndpointQuery _query;
    private readonly int? _port;
    private readonly string? _scheme;
    private int _isDisposed;

    /// <param name="names">The names that are looked up.</param>
    /// <param name="name">The name of the service. The provider releases it.</param>
    /// <param name="query">The query of service discovery.</param>
    /// <param name="ports">The port of the request, and the port of endpoints without one.</param>
    internal DnsEndpointProvider(WatchedNames names, WatchedName name, ServiceEndpointQuery query, (int? Requested, int? Default) ports)
    {
        _names = names;
        _name = name;
        _query = query;
        _port = ports.Requested ?? ports.Default;

        // As in a request that is not balanced. The port of an SRV record is not one that the caller knows.
        HostName = ports.Requested is { } port && !name.Question.IsSrv ? $"{name.Question.Domain}:{port}" : name.Question.Domain;

        // Of "https+http://_http.api", the port's name tells which one it is.
        _scheme = query.IncludedSchemes.Count > 1 && name.Question.PortName is { } portName
            ? query.IncludedSchemes.FirstOrDefault(scheme => string.Equals(scheme, portName, StringComparison.OrdinalIgnoreCase))
            : null;
    }

    public string HostName { get; }

    public bool KnowsName => _name.State is not { IsKnown: false };

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        // The first provider that knows a name wins.
        if (endpoints.Endpoints.Count > 0)
        {
            return;
        }

        var state = await _name.GetStateAsync(cancellationToken).ConfigureAwait(false);
        if (state.Failure is { } failure)
        {
            throw new DnsDiscoveryException($"The lookup of '{_name.Question}' for '{_query}' failed: {failure}");
        }

        endpoints.AddChangeToken(state.ChangeToken);
        foreach (var endpoint in state.Endpoints)
        {
            endpoints.Endpoints.Add(Create(endpoint));
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _names.Release(_name);
        }

        return default;
    }

    public override string ToString() => $"DNS, {_name.Question}";

    private ServiceEndpoint Create(DnsEndpoint found)
    {
        var address = new IPEndPoint(found.Address, found.Port ?? _port ?? 0);
        var endpoint = ServiceEndpoint.Create(_scheme is null ? address : new UriEndPoint(new Uri($"{_scheme}://{address}")));
        endpoint.Features.Set<IHostNameFeature>(this);
        endpoint.Features.Set(new EndpointMetadata { Weight = found.Weight, Priority = found.Priority });
        return endpoint;
    }
}
