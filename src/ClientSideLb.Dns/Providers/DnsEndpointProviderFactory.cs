using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Watching;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Providers;

/// <summary>Creates a provider for each service whose name is one for DNS and is not listed in configuration.</summary>
/// <param name="rules">Decides what DNS is asked.</param>
/// <param name="names">The names that are looked up.</param>
/// <param name="isConfigured">Tells whether configuration lists a service.</param>
internal sealed class DnsEndpointProviderFactory(DnsNameRules rules, WatchedNames names, Func<string, bool> isConfigured) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = rules.GetQuestion(query) is { } question && !isConfigured(query.ServiceName)
            ? new DnsEndpointProvider(names, names.Acquire(question), query, rules.GetPort(query))
            : null;
        return provider is not null;
    }
}
