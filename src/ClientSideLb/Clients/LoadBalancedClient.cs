using System.Collections.Concurrent;
using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.Discovery;
using ClientSideLb.Endpoints;
using ClientSideLb.Failover;
using ClientSideLb.Health;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>
/// One named <see cref="HttpClient"/>: its settings, and the clusters that its requests go to. It outlives the client's handlers.
/// </summary>
internal sealed class LoadBalancedClient : IAsyncDisposable
{
    private readonly ClientServices _services;
    private readonly ConcurrentDictionary<LogicalAddress, RunningFeed> _feeds = new();
    private readonly Lazy<ProbeClient> _probeClient;
    private readonly KnownHosts _hosts = new();
    private readonly Lock _writer = new();
    private volatile ClientSettings _settings;
    private volatile MonitoredCluster? _static;
    private volatile NamedFeed? _first;
    private volatile Route? _staticRoute;

    internal LoadBalancedClient(string name, ClientSettings settings, ClientServices services)
    {
        Name = name;
        _settings = settings;
        _services = services;
        Failover = services.CreateFailover(name);
        _probeClient = new Lazy<ProbeClient>(() => services.CreateProbeClient(name));
    }

    internal string Name { get; }

    /// <summary>Gets the pipeline that sends the further attempts of a request.</summary>
    internal FailoverPipeline Failover { get; }

    internal ClientSettings Settings => _settings;

    internal IEnumerable<Cluster> Clusters => _settings.IsStatic
        ? _static is { } cluster ? [cluster.Cluster] : []
        : _feeds.Values.Where(static running => !running.Feed.IsPassThrough).Select(static running => running.Cluster);

    /// <summary>
    /// Gets the cluster of the client's static endpoints, or <see langword="null"/> if it has none and uses service discovery.
    /// </summary>
    /// <param name="baseAddress">The client's base address. That of the first call gives the cluster its service name.</param>
    internal Cluster? GetStaticCluster(Uri? baseAddress) => GetStaticCluster(baseAddress, _settings);

    /// <summary>
    /// Finds the feed of a request's service, if the client uses service discovery. A request whose scheme is not http or https has no feed,
    /// because the primary handler rejects it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request's address is not absolute.</exception>
    internal RunningFeed? FindFeed(HttpRequestMessage request, ClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } address)
        {
            throw new InvalidOperationException(
                $"The request's address, '{AddressText.RemoveQuery(request.RequestUri?.OriginalString ?? "")}', is not absolute. Set HttpClient.BaseAddress, or give the request an absolute address.");
        }

        return !settings.IsStatic && LogicalAddress.IsHttp(address.Scheme) ? GetFeed(address) : null;
    }

    /// <summary>
    /// Gets the route of a request: to the client's static endpoints, to those of the feed, or to the request's own address. The last one is for
    /// names that are no services, and for a request whose scheme is not http or https, so that the primary handler rejects it.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="running">The feed found for the request. Its first query has ended.</param>
    /// <param name="settings">The client's settings at the time of the request.</param>
    internal Route GetRoute(HttpRequestMessage request, RunningFeed? running, ClientSettings settings)
    {
        if (running is null && !LogicalAddress.IsHttp(request.RequestUri!.Scheme))
        {
            return CreateRoute(cluster: null, settings, feed: null);
        }

        var cluster = running is null ? GetStaticCluster(baseAddress: null, settings) : running.Feed.IsPassThrough ? null : running.Cluster;
        if (running is not null && cluster is null)
        {
            running.Feed.MarkUsed();
        }

        var latest = running is null ? _staticRoute : running.LatestRoute;
        if (latest is not null && latest.IsFor(cluster, settings))
        {
            return latest;
        }

        var route = CreateRoute(cluster, settings, running?.Feed);
        if (running is null)
        {
            _staticRoute = route;
        }
        else
        {
            running.LatestRoute = route;
        }

        return route;
    }

    /// <summary>Starts the feed of the client's own service before the first request to it.</summary>
    internal void Start(Uri baseAddress)
    {
        if (GetStaticCluster(baseAddress) is null && LogicalAddress.IsHttp(baseAddress.Scheme))
        {
            GetFeed(baseAddress);
        }
    }

    /// <summary>Applies changed settings.</summary>
    /// <exception cref="Exception">The new strategy failed. The previous settings stay in use.</exception>
    internal void Configure(ClientSettings settings)
    {
        lock (_writer)
        {
            if (settings.IsStatic && _static is { } cluster)
            {
                // The settings with the strategy are applied first, because the strategy may fail. Then the endpoints have not changed yet.
                cluster.Cluster.Configure(settings.Cluster);
                cluster.Cluster.Update(settings.Endpoints);
            }

            foreach (var running in _feeds.Values)
            {
                running.Cluster.Configure(settings.Cluster);
            }

            _settings = settings;
        }
    }

    /// <summary>Waits until all feeds and probes have ended. The caller has cancelled them before.</summary>
    public async ValueTask DisposeAsync()
    {
        MonitoredCluster? cluster;
        lock (_writer)
        {
            cluster = _static;
        }

        foreach (var running in _feeds.Values)
        {
            await running.StopAsync().ConfigureAwait(false);
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
        }

        if (_probeClient.IsValueCreated)
        {
            await _probeClient.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    // The lambda is in a separate method, because its closure would be allocated at the start of GetRoute, for every request.
    private Route CreateRoute(Cluster? cluster, ClientSettings settings, EndpointFeed? feed) =>
        new(cluster, settings, feed is null ? null : () => feed.Failure, _services.Time, _hosts, _services.Telemetry);

    private Cluster? GetStaticCluster(Uri? baseAddress, ClientSettings settings)
    {
        if (!settings.IsStatic)
        {
            return null;
        }

        if (_static is { } made)
        {
            return made.Cluster;
        }

        lock (_writer)
        {
            if (_static is null)
            {
                var cluster = CreateCluster(baseAddress?.Host ?? Name, baseAddress ?? DefaultBaseAddress.For(Name));
                cluster.Cluster.Update(_settings.Endpoints);
                _static = cluster;
            }

            return _static.Cluster;
        }
    }

    private RunningFeed GetFeed(Uri address)
    {
        // Nearly every client has one service. Its addresses are recognized without parsing them and without a lookup in the dictionary.
        if (_first is { Running.Feed.HasEnded: false } first && first.Start.IsStartOf(address))
        {
            return first.Running;
        }

        var service = LogicalAddress.Of(address);
        if (!_feeds.TryGetValue(service, out var running))
        {
            lock (_writer)
            {
                running = _feeds.GetOrAdd(service, static (service, self) => self.StartFeed(service), this);
            }
        }

        if (_first is null or { Running.Feed.HasEnded: true } && AddressStart.Of(address) is { } start)
        {
            _first = new NamedFeed(start, running);
        }

        return running;
    }

    private RunningFeed StartFeed(LogicalAddress service)
    {
        ObjectDisposedException.ThrowIf(_services.Stopped.IsCancellationRequested, typeof(IServiceProvider));
        var cluster = CreateCluster(service.Host, new Uri(service.ToString()));
        var running = new RunningFeed(cluster, _services.Feeds.Create(cluster.Cluster, service));
        running.Start(() => _feeds.TryRemove(KeyValuePair.Create(service, running)), _services.Stopped);
        return running;
    }

    private MonitoredCluster CreateCluster(string serviceName, Uri logical) =>
        _services.Clusters.Create(Name, serviceName, _settings.Cluster, settings => CreateProbe(logical, settings));

    private IHealthProbe CreateProbe(Uri logical, ProbeSettings settings) =>
        settings.OwnProbe
        ?? (settings.Kind == HealthProbeKind.Tcp ? new TcpProbe() : new HttpProbe(_probeClient.Value, logical, settings));

    private sealed record NamedFeed(AddressStart Start, RunningFeed Running);
}
