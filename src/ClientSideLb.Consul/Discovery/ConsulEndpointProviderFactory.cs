using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Consul.Names;
using ClientSideLb.Shared;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Consul.Discovery;

/// <summary>Makes providers for names that may be those of services in Consul and that configuration does not list. Thread-safe.</summary>
/// <param name="discovery">The connections and the watches of the container.</param>
/// <param name="configured">The services that configuration lists.</param>
internal sealed class ConsulEndpointProviderFactory(ConsulDiscovery discovery, ConfiguredServices configured) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = !configured.Contains(query.ServiceName)
            && ConsulServiceName.Parse(query.ServiceName, query.EndpointName, discovery.Options.Accepts) is { } name
            ? new ConsulEndpointProvider(discovery, name, query)
            : null;
        return provider is not null;
    }
}
