using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Shared;

/// <summary>Answers one query of service discovery from the watch of a service.</summary>
/// <param name="watches">The watches.</param>
/// <param name="name">The service.</param>
/// <param name="metrics">The metrics.</param>
internal abstract class WatchingProvider<TName, TState>(WatchRegistry<TName, TState> watches, TName name, DiscoveryMetrics metrics) : INameAwareEndpointProvider
    where TName : notnull
    where TState : class, IServiceState
{
    private readonly Lock _lock = new();
    private ServiceWatch<TName, TState>? _watch;
    private bool _isDisposed;

    // A provider that was never asked shares the state of another one's watch.
    public bool KnowsName => watches.Find(Name) is not { IsKnown: false };

    protected TName Name { get; } = name;

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        // A provider that was registered earlier has answered.
        if (endpoints.Endpoints.Count > 0)
        {
            return;
        }

        try
        {
            var published = await GetWatch().GetStateAsync(cancellationToken).ConfigureAwait(false);
            endpoints.AddChangeToken(published.ChangeToken);
            if (published.State.IsKnown)
            {
                Add(endpoints, published.State);
            }

            metrics.Queried(published.State.IsKnown ? "answered" : "unknown");
        }
        catch (Exception)
        {
            metrics.Queried("failed");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        ServiceWatch<TName, TState>? watch;
        lock (_lock)
        {
            _isDisposed = true;
            (watch, _watch) = (_watch, null);
        }

        if (watch is not null)
        {
            await watches.ReleaseAsync(watch).ConfigureAwait(false);
        }
    }

    /// <summary>Adds the endpoints of a service that is known.</summary>
    protected abstract void Add(IServiceEndpointBuilder endpoints, TState state);

    // The watch begins with the first question: service discovery also makes providers that it never asks.
    private ServiceWatch<TName, TState> GetWatch()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _watch ??= watches.Acquire(Name);
        }
    }
}
