using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Kubernetes.Choice;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>Makes providers for names that may be those of services of the cluster. Thread-safe.</summary>
internal sealed class KubernetesEndpointProviderFactory(KubernetesDiscovery discovery, IOptions<ServiceDiscoveryOptions> options)
    : IServiceEndpointProviderFactory
{
    // The provider that has answered a query last.
    private readonly ConcurrentDictionary<string, KubernetesEndpointProvider> _answering = new(StringComparer.Ordinal);

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = null;
        if (discovery.ParseName(query.ServiceName) is not { } name)
        {
            return false;
        }

        // The balancer asks again in this way whether anyone knows a name for which it got no endpoint. The provider that has just answered it
        // knows that the cluster has no such service.
        var port = PortQuery.Of(query, options.Value);
        if (_answering.TryGetValue(port.Text, out var known) && known.IsUnknown)
        {
            return false;
        }

        provider = new KubernetesEndpointProvider(discovery, name, port, _answering);
        return true;
    }
}
