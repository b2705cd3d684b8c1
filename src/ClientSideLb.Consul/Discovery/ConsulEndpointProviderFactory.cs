using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Consul.Names;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Consul.Discovery;

/// <summary>Makes providers for names that may be those of services in Consul and that configuration does not list. Thread-safe.</summary>
/// <param name="discovery">What runs for the container.</param>
/// <param name="isConfigured">Tells whether configuration lists a service.</param>
internal sealed class ConsulEndpointProviderFactory(ConsulDiscovery discovery, Func<string, bool> isConfigured) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = ConsulServiceName.Parse(query.ServiceName, query.EndpointName, discovery.Options.Accepts) is { } name && !isConfigured(query.ServiceName)
            ? new ConsulEndpointProvider(discovery, name, query)
            : null;
        return provider is not null;
    }
}
