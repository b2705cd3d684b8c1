using System.Diagnostics.Metrics;
using ClientSideLb.Kubernetes.Api;
using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Kubernetes.Watching;
using ClientSideLb.Kubernetes.Zones;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>Owns everything that runs for one container: the connection, the watches, and the search for the own zone. Thread-safe.</summary>
internal sealed class KubernetesDiscovery : IDisposable, IAsyncDisposable
{
    // The connection is cut right after. What does not end by then must not stop the application from ending.
    private static readonly TimeSpan LongestDisposal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstZonePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestZonePause = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Random _random = GetThreadSafeRandom();
    private readonly string? _node;
    private readonly Lazy<ClusterConnection?> _connection;
    private readonly Lazy<KubernetesApi> _api;
    private readonly Lazy<OwnZoneSearch?> _search;
    private readonly Lazy<Task> _searching;
    private int _disposed;

    internal KubernetesDiscovery(IServiceProvider services)
    {
        Options = services.GetRequiredService<IOptions<KubernetesDiscoveryOptions>>().Value;
        _time = services.GetRequiredService<TimeProvider>();
        _logger = new SafeLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger(KubernetesLog.Category));
        _node = Options.NodeName ?? (Environment.GetEnvironmentVariable("NODE_NAME") is { Length: > 0 } node ? node : null);
        Zone = new OwnZone(Options.Zone);
        Metrics = new KubernetesMetrics(services.GetRequiredService<IMeterFactory>());
        Watches = new WatchRegistry(
            name => new ServiceWatch(name, _api!.Value, Learn, Metrics, _time, _random, _logger),
            watch => _logger.WatchEnded(watch.Name.Service, watch.Name.Namespace));
        Metrics.Observe(GetReader(new WeakReference<WatchRegistry>(Watches)));
        _connection = new Lazy<ClusterConnection?>(() => Open(services));
        _api = new Lazy<KubernetesApi>(() => new KubernetesApi(_connection.Value!, Options.RequestTimeout, Metrics, _time));
        _search = new Lazy<OwnZoneSearch?>(() => _node is null || _connection.Value is null
            ? null
            : new OwnZoneSearch(_api.Value, _node, Zone, new Backoff(FirstZonePause, LongestZonePause, _random), _time, _logger));
        _searching = new Lazy<Task>(() => _search.Value is { } search ? Task.Run(() => SearchAsync(search)) : Task.CompletedTask);
    }

    internal KubernetesDiscoveryOptions Options { get; }

    internal KubernetesMetrics Metrics { get; }

    internal WatchRegistry Watches { get; }

    internal OwnZone Zone { get; }

    internal ILogger Logger => _logger;

    /// <summary>Gets where the application runs, as far as it is known now.</summary>
    internal ClientPlace Place => new(Zone.Value, _node);

    /// <summary>Reads the name of a service.</summary>
    /// <returns>The name, or <see langword="null"/> if it is none of a service, or there is no cluster.</returns>
    internal KubernetesServiceName? ParseName(string host) =>
        _connection.Value is { } connection ? KubernetesServiceName.Parse(host, connection.OwnNamespace, Options.ClusterDomain) : null;

    /// <summary>Begins to look for the application's own zone, unless it is known or looked for already.</summary>
    internal void FindZone()
    {
        if (Zone.Value is null && !_stop.IsCancellationRequested)
        {
            _ = _searching.Value;
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        var running = Task.WhenAll(Watches.StopAsync(), _searching.IsValueCreated ? _searching.Value : Task.CompletedTask);
        try
        {
            // The limit is in real time. A clock that a test moves by hand stands still while the container is disposed.
            await running.WaitAsync(LongestDisposal).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            // It ends when the connection is gone.
        }

        if (_connection.IsValueCreated)
        {
            _connection.Value?.Dispose();
        }

        Zone.Dispose();
        _stop.Dispose();
    }

    // Every meter of the process is in a static list until it is disposed. It must not keep alive a container that is dropped without that.
    private static Func<IEnumerable<(string Namespace, string Service, int Endpoints)>> GetReader(WeakReference<WatchRegistry> watches) =>
        () => watches.TryGetTarget(out var registry) ? registry.Read() : [];

    // Production code takes its random numbers from here. All other code is given its source.
#pragma warning disable RS0030
    private static Random GetThreadSafeRandom() => Random.Shared;
#pragma warning restore RS0030

    private ClusterConnection? Open(IServiceProvider services)
    {
        var connection = ClusterConnection.Open(Options, services.GetService<KubernetesClientConfiguration>());
        if (connection is null)
        {
            _logger.NotInCluster();
        }

        return connection;
    }

    private void Learn(Slice slice)
    {
        if (Zone.Value is null)
        {
            _search.Value?.Learn(slice);
        }
    }

    private async Task SearchAsync(OwnZoneSearch search)
    {
        try
        {
            await search.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The container is gone.
        }
    }
}
