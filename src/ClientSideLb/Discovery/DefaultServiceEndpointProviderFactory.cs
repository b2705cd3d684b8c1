using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>
/// What service discovery knows where the application set up none of its own: the services in <c>IConfiguration</c>, and nothing
/// where there is no <c>IConfiguration</c>, without which its own provider throws.
/// </summary>
internal sealed class DefaultServiceEndpointProviderFactory(IServiceProvider services) : IServiceEndpointProviderFactory
{
    private readonly Lazy<IServiceEndpointProviderFactory?> _configuration = new(() =>
        services.GetService<IConfiguration>() is null ? null : ServiceDiscoveryInternals.CreateConfigurationFactory(services));

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        if (_configuration.Value is not { } configuration || !configuration.TryCreateProvider(query, out provider))
        {
            provider = EmptyProvider.Instance;
        }

        return true;
    }

    private sealed class EmptyProvider : IServiceEndpointProvider
    {
        internal static readonly EmptyProvider Instance = new();

        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }
}
