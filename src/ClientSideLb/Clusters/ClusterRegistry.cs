using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb;

/// <summary>
/// The clusters of the container, and what keeps them up to date. A singleton: handlers come and go every few minutes, and what
/// is known of endpoints must not go with them.
/// </summary>
internal sealed class ClusterRegistry : IClusterRegistry, IDisposable, IAsyncDisposable
{
    private readonly StrategyCatalog _strategies;
    private readonly LoadBalancingOptionsReloader _options;
    private readonly ServiceDiscoveryResolver _discovery;
    private readonly ServiceDiscoveryOptions _discoveryOptions;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILoggerFactory _loggers;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly LoadBalancingMetrics _metrics;
    private readonly ConcurrentDictionary<string, LoadBalancedClient> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<EndpointFeed, Task> _feeds = new();
    private readonly ConcurrentDictionary<Cluster, HealthProber> _clusters = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly List<IDisposable> _reloads;
    private readonly Lock _reloading = new();

    internal ClusterRegistry(
        StrategyCatalog strategies,
        LoadBalancingOptionsReloader options,
        ServiceDiscoveryResolver discovery,
        ServiceDiscoveryOptions discoveryOptions,
        TimeProvider time,
        Random random,
        ILoggerFactory loggers,
        IMeterFactory meters,
        IServiceProvider services)
    {
        _services = services;
        _strategies = strategies;
        _options = options;
        _discovery = discovery;
        _discoveryOptions = discoveryOptions;
        _time = time;
        _random = random;
        _loggers = loggers;
        _logger = loggers.CreateLogger("ClientSideLb");
        _metrics = new LoadBalancingMetrics(meters.Create(TelemetryNames.Meter, Version()), () => AllClusters);
        _reloads = options.OnChange(Reload);
    }

    public IReadOnlyCollection<ICluster> Clusters => [.. AllClusters];

    private IEnumerable<Cluster> AllClusters => _clients.Values.SelectMany(static client => client.Clusters);

    internal Random Random => _random;

    internal TimeProvider Time => _time;

    /// <summary>Gets a client by name; the first to ask has its options read.</summary>
    /// <exception cref="OptionsValidationException">The client's options are not valid; it names every fault.</exception>
    internal LoadBalancedClient GetClient(string name)
    {
        if (_clients.TryGetValue(name, out var client))
        {
            return client;
        }

        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, typeof(IServiceProvider));
        lock (_reloading)
        {
            return _clients.GetOrAdd(name, static (name, self) => new LoadBalancedClient(name, self.ReadSettings(name), self), this);
        }
    }

    internal FailoverPipeline CreateFailover(string clientName) => new(clientName, _time, _loggers);

    internal ProbeClient CreateProbeClient(string clientName) => new(clientName, _services);

    /// <summary>Makes a cluster, and what probes its endpoints.</summary>
    /// <param name="client">The client it belongs to.</param>
    /// <param name="serviceName">Its name.</param>
    /// <param name="logical">The address that its requests have before they are balanced.</param>
    internal Cluster CreateCluster(LoadBalancedClient client, string serviceName, Uri logical)
    {
        var cluster = new Cluster(client.Name, serviceName, client.Settings.Cluster, _time, _random, _logger, _metrics);
        var prober = new HealthProber(cluster, options => client.CreateProbe(logical, options), _time, _random, _logger, TaskScheduler.Default, _disposed.Token);
        cluster.Changed = prober.Wake;
        _clusters[cluster] = prober;
        return cluster;
    }

    /// <summary>Starts to keep a cluster up to date with service discovery, until the container is disposed.</summary>
    internal EndpointFeed StartFeed(LoadBalancedClient client, LogicalAddress service)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, typeof(IServiceProvider));
        var cluster = CreateCluster(client, service.Host, new Uri(service.ToString()));
        var source = new ServiceDiscoveryEndpointSource(_discovery, service, _discoveryOptions, _logger);
        var feed = new EndpointFeed(cluster, source, _time, _random, _logger);

        _feeds[feed] = Detached.Run(() => RunAsync(client, service, feed));
        return feed;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        foreach (var reload in _reloads)
        {
            reload.Dispose();
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_feeds.Values).ConfigureAwait(false);
        await Task.WhenAll(_clusters.Values.Select(static prober => prober.StopAsync())).ConfigureAwait(false);
        foreach (var cluster in _clusters.Keys)
        {
            cluster.Dispose();
        }

        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        await _discovery.DisposeAsync().ConfigureAwait(false);
    }

    private static string? Version() => typeof(ClusterRegistry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private async Task RunAsync(LoadBalancedClient client, LogicalAddress service, EndpointFeed feed)
    {
        await feed.RunAsync(_disposed.Token).ConfigureAwait(false);
        client.Forget(service, feed);
        _feeds.TryRemove(feed, out _);
        _clusters.TryRemove(feed.Cluster, out _);
    }

    private void Reload()
    {
        lock (_reloading)
        {
            foreach (var client in _clients.Values)
            {
                Reload(client);
            }
        }
    }

    private void Reload(LoadBalancedClient client)
    {
        try
        {
            client.Configure(ReadSettings(client.Name));
        }
        catch (Exception fault)
        {
            // Whatever is wrong with the new options, from a word where a number belongs to a strategy that fails: the service
            // runs on with the old ones.
            _logger.OptionsReloadRefused(fault, client.Name);
            return;
        }

        _logger.OptionsReloaded(client.Name);
    }

    private ClientSettings ReadSettings(string clientName) => ClientSettings.Of(_options.Create(clientName), _strategies, _time, _services.GetService<IAmbientClientIp>());
}
