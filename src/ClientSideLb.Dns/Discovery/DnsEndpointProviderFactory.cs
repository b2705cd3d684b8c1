using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Shared;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Discovery;

/// <summary>Makes providers for names that may be looked up and that configuration does not list. Thread-safe.</summary>
/// <param name="discovery">The watches of the container.</param>
/// <param name="configured">The services that configuration lists.</param>
internal sealed class DnsEndpointProviderFactory(DnsDiscovery discovery, ConfiguredServices configured) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = !configured.Contains(query.ServiceName) && discovery.Rules.GetQuestion(query) is { } question
            ? new DnsEndpointProvider(discovery, question, query)
            : null;
        return provider is not null;
    }
}
