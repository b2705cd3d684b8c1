using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>
/// Creates the endpoint provider that service discovery uses if the application has registered none of its own. That provider finds the
/// services listed in <c>IConfiguration</c>. Without an <c>IConfiguration</c> it finds nothing, where the provider of service discovery would
/// throw.
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
