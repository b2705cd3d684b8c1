using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>
/// Owns the resolver of service discovery, and is disposable both synchronously and asynchronously. The resolver itself has only
/// <see cref="DisposeAsync"/>, so a container that owned it could not be disposed with <c>using</c>.
/// </summary>
internal sealed class ServiceDiscoveryResolver : IDisposable, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly Lazy<ServiceEndpointResolver> _resolver;
    private readonly IReadOnlyList<IServiceEndpointProviderFactory> _applicationFactories;

    internal ServiceDiscoveryResolver(IServiceProvider services)
    {
        _services = services;

        _resolver = new Lazy<ServiceEndpointResolver>(() => ServiceDiscoveryInternals.CreateResolver(services));
        _applicationFactories = [.. services.GetServices<IServiceEndpointProviderFactory>().Where(static factory => factory is not DefaultServiceEndpointProviderFactory)];
    }

    internal ValueTask<ServiceEndpointSource> GetEndpointsAsync(string service, CancellationToken cancellationToken) =>
        _resolver.Value.GetEndpointsAsync(service, cancellationToken);

    /// <summary>
    /// Tells whether a name for which no endpoint was found is not that of a service, so that requests are sent to their own address. A name
    /// that configuration lists, or that one of the application's own providers accepts, is that of a service, even if it has no endpoint
    /// that the request allows.
    /// </summary>
    internal async ValueTask<bool> IsPassThroughAsync(string service)
    {
        if (!ServiceEndpointQuery.TryParse(service, out var query))
        {
            return true;
        }

        if (IsConfigured(query.ServiceName))
        {
            return false;
        }

        foreach (var factory in _applicationFactories)
        {
            if (factory.TryCreateProvider(query, out var provider))
            {
                await provider.DisposeAsync().ConfigureAwait(false);
                return false;
            }
        }

        return true;
    }

    private bool IsConfigured(string service)
    {
        var services = _services.GetRequiredService<IOptions<ConfigurationServiceEndpointProviderOptions>>().Value.SectionName;
        return _services.GetService<IConfiguration>()?.GetSection(services).GetSection(service).Exists() == true;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _resolver.IsValueCreated ? _resolver.Value.DisposeAsync() : default;
}
