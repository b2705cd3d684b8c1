using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>
/// The first provider of each query. It finds no endpoints. It notes which service the providers after it look up, so that their own requests
/// are recognized.
/// </summary>
/// <remarks>
/// Service discovery runs a query without the execution context of its caller, but calls the providers one after the other in one context. So
/// only a provider can set a value there. It must do so synchronously, because an asynchronous method restores the context at its end.
/// </remarks>
internal sealed class QueryMarkerFactory(DiscoveryRecursion recursion) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = new Marker(recursion, query.ToString() ?? "");
        return true;
    }

    private sealed class Marker(DiscoveryRecursion recursion, string service) : IServiceEndpointProvider
    {
        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            recursion.BeginQuery(service);
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
