using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Watching;
using ClientSideLb.Shared;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Discovery;

/// <summary>Answers one query of service discovery with the endpoints that DNS has for a name.</summary>
internal sealed class DnsEndpointProvider : WatchingProvider<DnsQuestion, NameState>, IHostNameFeature
{
    private readonly ServiceEndpointQuery _query;
    private readonly int? _port;
    private readonly string? _scheme;

    /// <param name="discovery">The watches of the container.</param>
    /// <param name="question">The question to DNS.</param>
    /// <param name="query">The query of service discovery.</param>
    internal DnsEndpointProvider(DnsDiscovery discovery, DnsQuestion question, ServiceEndpointQuery query)
        : base(discovery.Watches, question, discovery.Metrics)
    {
        var ports = discovery.Rules.GetPort(query);
        _query = query;
        _port = ports.Requested ?? ports.Default;

        // As in a request that is not balanced. The port of an SRV record is not one that the caller knows.
        HostName = ports.Requested is { } port && !question.IsSrv ? $"{question.Domain}:{port}" : question.Domain;

        // With several schemes, as in "https+http://_http.api", the name of the port decides.
        _scheme = query.IncludedSchemes.Count > 1 && question.PortName is { } portName
            ? query.IncludedSchemes.FirstOrDefault(scheme => string.Equals(scheme, portName, StringComparison.OrdinalIgnoreCase))
            : null;
    }

    public string HostName { get; }

    public override string ToString() => $"DNS, {Name}";

    protected override void Add(IServiceEndpointBuilder endpoints, NameState state)
    {
        if (state.Failure is { } failure)
        {
            throw new DnsDiscoveryException($"The lookup of '{Name}' for '{_query}' failed: {failure}");
        }

        foreach (var endpoint in state.Endpoints)
        {
            endpoints.Endpoints.Add(Create(endpoint));
        }
    }

    private ServiceEndpoint Create(DnsEndpoint found)
    {
        var endpoint = ServiceEndpoint.Create(HostNames.CreateEndPoint(_scheme, found.Address.ToString(), found.Port ?? _port ?? 0));
        endpoint.Features.Set<IServiceEndpointProvider>(this);
        endpoint.Features.Set<IHostNameFeature>(this);
        endpoint.Features.Set(new EndpointMetadata { Weight = found.Weight, Priority = found.Priority });
        return endpoint;
    }
}
