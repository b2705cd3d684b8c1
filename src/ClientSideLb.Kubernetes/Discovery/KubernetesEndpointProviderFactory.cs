using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Shared;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>Makes providers for names that may be those of services of the cluster and that configuration does not list. Thread-safe.</summary>
/// <param name="discovery">The connection, the watches and the search for the own zone of the container.</param>
/// <param name="configured">The services that configuration lists.</param>
/// <param name="options">The options of service discovery.</param>
internal sealed class KubernetesEndpointProviderFactory(KubernetesDiscovery discovery, ConfiguredServices configured, IOptions<ServiceDiscoveryOptions> options)
    : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = !configured.Contains(query.ServiceName) && discovery.ParseName(query) is { } name
            ? new KubernetesEndpointProvider(discovery, name, PortQuery.Of(query, options.Value))
            : null;
        return provider is not null;
    }
}
