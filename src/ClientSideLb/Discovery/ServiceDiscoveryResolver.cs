using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Discovery;

/// <summary>
/// Owns the resolver of service discovery, and is disposable both synchronously and asynchronously. The resolver itself has only
/// <see cref="DisposeAsync"/>, so a container that owned it could not be disposed with <c>using</c>.
/// </summary>
/// <remarks>The resolver has a timer that runs until it is disposed. The finalizer stops it if the container is dropped without being disposed.</remarks>
internal sealed class ServiceDiscoveryResolver : IDisposable, IAsyncDisposable
{
    private const int MaxNames = 10;

    // A provider that does not react to its cancellation must not stop the application from ending.
    private static readonly TimeSpan LongestDisposal = TimeSpan.FromSeconds(1);

    private readonly IServiceProvider _services;
    private readonly Lazy<ServiceEndpointResolver> _resolver;
    private readonly Lazy<IReadOnlyList<IServiceEndpointProviderFactory>> _applicationFactories;

    internal ServiceDiscoveryResolver(IServiceProvider services)
    {
        _services = services;

        // Both are made for the first query. A provider's factory may create a balanced client in its constructor, and that needs this object.
        _resolver = new Lazy<ServiceEndpointResolver>(() => ServiceDiscoveryInternals.CreateResolver(services));
        _applicationFactories = new Lazy<IReadOnlyList<IServiceEndpointProviderFactory>>(() =>
            [.. services.GetServices<IServiceEndpointProviderFactory>().Where(static factory => factory is not (DefaultServiceEndpointProviderFactory or QueryMarkerFactory))]);
    }

    ~ServiceDiscoveryResolver()
    {
        if (_resolver is { IsValueCreated: true })
        {
            _ = DisposeResolverAsync(_resolver.Value);
        }
    }

    /// <summary>Gets the endpoints of a service. It returns at once, even if a provider blocks.</summary>
    internal Task<ServiceEndpointSource> GetEndpointsAsync(string service, CancellationToken cancellationToken) =>
        Task.Run(() => _resolver.Value.GetEndpointsAsync(service, cancellationToken).AsTask(), cancellationToken);

    /// <summary>
    /// Tells whether a name for which no endpoint was found is not that of a service, so that requests are sent to their own address. A name
    /// that configuration lists, or that one of the application's own providers accepts and knows, is that of a service, even if it has no
    /// endpoint that the request allows.
    /// </summary>
    /// <param name="service">The name.</param>
    /// <param name="hasPassThroughProvider">
    /// Whether the provider that resolves every name to itself has answered. It accepts every name, so only a provider that tells which names it
    /// knows can then say that the name is that of a service.
    /// </param>
    internal async ValueTask<bool> IsPassThroughAsync(string service, bool hasPassThroughProvider)
    {
        if (!ServiceEndpointQuery.TryParse(service, out var query))
        {
            return true;
        }

        if (IsConfigured(query.ServiceName))
        {
            return false;
        }

        foreach (var factory in _applicationFactories.Value)
        {
            if (factory.TryCreateProvider(query, out var provider))
            {
                var isKnown = provider is INameAwareEndpointProvider aware ? aware.KnowsName : !hasPassThroughProvider;
                await provider.DisposeAsync().ConfigureAwait(false);
                if (isKnown)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Says in words which names the configuration lists, a few of them. Other providers cannot be asked that.</summary>
    internal string DescribeKnownServices()
    {
        var names = FindSection()?.GetChildren().Select(static service => service.Key).ToList() ?? [];
        return names.Count == 0 ? $"The configuration lists no service in '{SectionName}'." : $"The configuration lists {string.Join(", ", names.Take(MaxNames))}{Count(names.Count)}.";

        static string Count(int count) => count > MaxNames ? string.Create(CultureInfo.InvariantCulture, $" and {count - MaxNames} more") : "";
    }

    private string SectionName => _services.GetRequiredService<IOptions<ConfigurationServiceEndpointProviderOptions>>().Value.SectionName;

    private IConfigurationSection? FindSection() => _services.GetService<IConfiguration>()?.GetSection(SectionName);

    private bool IsConfigured(string service) => FindSection()?.GetSection(service).Exists() == true;

    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (!_resolver.IsValueCreated)
        {
            return;
        }

        // The limit is in real time. A clock that a test moves by hand stands still while the container is disposed.
        var disposal = DisposeResolverAsync(_resolver.Value);
        try
        {
            await disposal.WaitAsync(LongestDisposal).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!disposal.IsCompleted)
        {
            // The disposal goes on without its caller.
        }
    }

    // A provider may block when it is disposed.
    private static Task DisposeResolverAsync(ServiceEndpointResolver resolver)
    {
        var disposal = Task.Run(() => resolver.DisposeAsync().AsTask());
        _ = disposal.ContinueWith(
            static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return disposal;
    }
}
