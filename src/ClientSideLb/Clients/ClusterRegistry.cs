using System.Collections.Concurrent;
using ClientSideLb.Clusters;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Clients;

/// <summary>
/// The balanced clients of the container, and their clusters. It is a singleton, because the state of endpoints must outlive the handlers,
/// which the factory replaces every few minutes.
/// </summary>
internal sealed class ClusterRegistry : IClusterRegistry, IDisposable, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LoadBalancedClient> _clients = new(StringComparer.Ordinal);
    private readonly ClientServices _services;
    private readonly CancellationTokenSource _stopping;
    private readonly IAsyncDisposable _discovery;
    private readonly OptionsReload _reload;
    private readonly ClusterHistory _history;
    private bool _isDisposed;

    /// <param name="services">The parts that all clients share.</param>
    /// <param name="reload">Applies changed options to the clients. The registry owns it.</param>
    /// <param name="history">Keeps the changes.</param>
    /// <param name="stopping">The source of the token that stops the clients. The registry owns it.</param>
    /// <param name="discovery">The resolver of service discovery. The registry owns it.</param>
    internal ClusterRegistry(
        ClientServices services,
        OptionsReload reload,
        ClusterHistory history,
        CancellationTokenSource stopping,
        IAsyncDisposable discovery)
    {
        _services = services;
        _stopping = stopping;
        _discovery = discovery;
        _history = history;
        _reload = reload;
        _reload.Start(_clients);
    }

    public IReadOnlyCollection<ICluster> Clusters => [.. AllClusters];

    public IReadOnlyList<ClusterEvent> RecentEvents => _history.Read();

    public IReadOnlyCollection<UnknownService> UnknownServices => [.. _clients.Values.SelectMany(static client => client.UnknownServices)];

    /// <summary>Gets the clusters of all clients at this moment.</summary>
    internal IEnumerable<Cluster> AllClusters => _clients.Values.SelectMany(static client => client.Clusters);

    /// <summary>Gets a client by name. The first call reads its options.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The client's options are not valid. The message names every fault.
    /// </exception>
    internal LoadBalancedClient GetClient(string name)
    {
        if (_clients.TryGetValue(name, out var client))
        {
            return client;
        }

        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(IServiceProvider));
        return _reload.Add(name, settings => _clients.GetOrAdd(name, new LoadBalancedClient(name, settings, _services)));
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _reload.Dispose();

        // A probe of the application may have registered a callback that throws.
        await _stopping.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients.Values)
        {
            // Whatever one client throws, the others are disposed.
            await client.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _discovery.DisposeAsync().ConfigureAwait(false);
    }
}
