using ClientSideLb.Consul.Instances;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Watching;
using ClientSideLb.Shared;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Consul.Discovery;

/// <summary>Answers one query of service discovery from the instances of a service.</summary>
internal sealed class ConsulEndpointProvider(ConsulDiscovery discovery, ConsulServiceName name, ServiceEndpointQuery query)
    : WatchingProvider<ConsulServiceName, ServiceState>(discovery.Watches, name, discovery.Metrics)
{
    public override string ToString() => $"Consul, {Name}";

    protected override void Add(IServiceEndpointBuilder endpoints, ServiceState state)
    {
        foreach (var instance in state.Instances.Where(IsIncluded))
        {
            endpoints.Endpoints.Add(Create(instance));
        }
    }

    // A request that allows only https must not go to an instance that says it is http.
    private bool IsIncluded(ConsulInstance instance) =>
        instance.Scheme is null || query.IncludedSchemes.Count == 0 || query.IncludedSchemes.Contains(instance.Scheme, StringComparer.OrdinalIgnoreCase);

    private ServiceEndpoint Create(ConsulInstance instance)
    {
        var endpoint = ServiceEndpoint.Create(HostNames.CreateEndPoint(instance.Scheme, instance.Host, instance.Port));
        endpoint.Features.Set<IServiceEndpointProvider>(this);
        endpoint.Features.Set(new EndpointMetadata { Weight = instance.Weight, Zone = instance.Zone, Health = instance.Health });
        return endpoint;
    }
}
