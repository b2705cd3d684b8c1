using System.Diagnostics.Metrics;
using ClientSideLb.Kubernetes.Api;
using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Kubernetes.Watching;
using ClientSideLb.Kubernetes.Zones;
using ClientSideLb.Shared;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>Owns everything that runs for one container: the connection, the watches, and the search for the own zone. Thread-safe.</summary>
internal sealed class KubernetesDiscovery : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan FirstZonePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestZonePause = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Random _random = SharedRandom.ThreadSafe;
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
        Watches = new WatchRegistry<KubernetesServiceName, ServiceState>(
            name => new SliceWatch(name, _api!.Value, Learn, Metrics, _time, _random, _logger),
            name => _logger.WatchEnded(name));
        Metrics.Observe(Watches);
        _connection = Prepare(services);
        _api = new Lazy<KubernetesApi>(() => new KubernetesApi(_connection.Value!, Options.RequestTimeout, Metrics, _time));
        _search = new Lazy<OwnZoneSearch?>(() => _node is null || _connection.Value is null
            ? null
            : new OwnZoneSearch(_api.Value, _node, Zone, new Backoff(FirstZonePause, LongestZonePause, _random), _time, _logger));
        _searching = new Lazy<Task>(() => _search.Value is { } search ? Search(search, _stop.Token) : Task.CompletedTask);
    }

    // The search has a loop of its own, which must end if the container is dropped without being disposed.
    ~KubernetesDiscovery()
    {
        if (_disposed == 0)
        {
            _stop?.Cancel();
        }
    }

    internal KubernetesDiscoveryOptions Options { get; }

    internal KubernetesMetrics Metrics { get; }

    internal WatchRegistry<KubernetesServiceName, ServiceState> Watches { get; }

    internal OwnZone Zone { get; }

    internal ILogger Logger => _logger;

    /// <summary>Gets where the application runs, as far as it is known now.</summary>
    internal ClientPlace Place => new(Zone.Value, _node);

    /// <summary>Reads the name of a service.</summary>
    /// <returns>The name, or <see langword="null"/> if it is left to other providers, or there is no cluster.</returns>
    internal KubernetesServiceName? ParseName(ServiceEndpointQuery query) =>
        Options.Accepts?.Invoke(HostNames.GetHost(query)) != false && _connection.Value is { } connection
            ? KubernetesServiceName.Parse(query.ServiceName, connection.OwnNamespace, Options.ClusterDomain)
            : null;

    /// <summary>Begins to look for the application's own zone, unless it is known or looked for already.</summary>
    internal void FindZone()
    {
        if (Zone.Value is null && !_stop.IsCancellationRequested)
        {
            _ = _searching.Value;
        }
    }

    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        GC.SuppressFinalize(this);
        await _stop.CancelAsync().ConfigureAwait(false);
        await RunInBackground.EndAsync(Task.WhenAll(Watches.StopAsync(), _searching.IsValueCreated ? _searching.Value : Task.CompletedTask)).ConfigureAwait(false);
        if (_connection.IsValueCreated)
        {
            _connection.Value?.Dispose();
        }

        Zone.Dispose();
        _stop.Dispose();
    }

    // In a method of its own, because all lambdas of a method share what one of them captures: the watches would keep the container alive.
    private Lazy<ClusterConnection?> Prepare(IServiceProvider services) => new(() => Open(services));

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

    // It does not refer to this object: otherwise its loop would keep it alive.
    private static Task Search(OwnZoneSearch search, CancellationToken stopping) => RunInBackground.Start(async () =>
    {
        try
        {
            await search.RunAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The container is gone.
        }
    });
}
