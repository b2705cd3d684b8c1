using System.Collections.Concurrent;

namespace ClientSideLb;

/// <summary>One named <see cref="HttpClient"/>: its options, and the clusters its requests go to. It outlives the client's handlers.</summary>
internal sealed class LoadBalancedClient : IDisposable
{
    private readonly ClusterRegistry _registry;
    private readonly ConcurrentDictionary<LogicalAddress, EndpointFeed> _feeds = new();
    private readonly Lazy<ProbeClient> _probeClient;
    private readonly Lock _writer = new();
    private volatile ClientSettings _settings;
    private volatile Cluster? _static;
    private volatile NamedFeed? _first;
    private volatile Route? _staticRoute;

    internal LoadBalancedClient(string name, ClientSettings settings, ClusterRegistry registry)
    {
        Name = name;
        _settings = settings;
        _registry = registry;
        Failover = registry.CreateFailover(name);
        _probeClient = new Lazy<ProbeClient>(() => registry.CreateProbeClient(name));
    }

    internal string Name { get; }

    /// <summary>Gets what sends a request on after its first attempt.</summary>
    internal FailoverPipeline Failover { get; }

    internal ClientSettings Settings => _settings;

    internal IEnumerable<Cluster> Clusters => _settings.IsStatic
        ? _static is { } cluster ? [cluster] : []
        : _feeds.Values.Where(static feed => !feed.IsPassThrough).Select(static feed => feed.Cluster);

    /// <summary>Gets the cluster of the client's static endpoints, or <see langword="null"/> if it has none and uses service discovery.</summary>
    /// <param name="baseAddress">The client's base address, which gives the cluster its service name if it is the first to ask.</param>
    internal Cluster? GetStaticCluster(Uri? baseAddress) => GetStaticCluster(baseAddress, _settings);

    private Cluster? GetStaticCluster(Uri? baseAddress, ClientSettings settings)
    {
        if (!settings.IsStatic)
        {
            return null;
        }

        if (_static is null)
        {
            lock (_writer)
            {
                if (_static is null)
                {
                    var cluster = _registry.CreateCluster(this, baseAddress?.Host ?? Name, baseAddress ?? DefaultBaseAddress.For(Name));
                    cluster.Update(_settings.Endpoints);
                    _static = cluster;
                }
            }
        }

        return _static;
    }

    /// <summary>
    /// Finds what keeps the cluster of a request up to date, where it is one of service discovery. What is not http has none: it is for
    /// the primary handler to refuse.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request's address is not absolute.</exception>
    internal EndpointFeed? FindFeed(HttpRequestMessage request, ClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } address)
        {
            throw new InvalidOperationException(
                $"The request's address, '{request.RequestUri}', is not absolute. Set HttpClient.BaseAddress, or give the request an absolute address.");
        }

        return !settings.IsStatic && LogicalAddress.IsHttp(address.Scheme) ? GetFeed(address) : null;
    }

    /// <summary>Finds where a request goes: to the client's static endpoints, to those of the feed, or to its address as it is.</summary>
    /// <param name="feed">The feed found for the request, whose source has been asked.</param>
    /// <param name="settings">The client's settings as they were when the request came.</param>
    internal Route RouteTo(EndpointFeed? feed, ClientSettings settings)
    {
        var cluster = feed is null ? GetStaticCluster(baseAddress: null, settings) : feed.IsPassThrough ? null : feed.Cluster;
        if (feed is not null && cluster is null)
        {
            feed.MarkUsed();
        }

        var latest = feed is null ? _staticRoute : feed.LatestRoute;
        if (latest is not null && latest.IsFor(cluster, settings))
        {
            return latest;
        }

        var route = new Route(cluster, settings, WhyNoEndpoint(feed), _registry.Random, _registry.Time);
        if (feed is null)
        {
            _staticRoute = route;
        }
        else
        {
            feed.LatestRoute = route;
        }

        return route;
    }

    private static Func<Exception?>? WhyNoEndpoint(EndpointFeed? feed) => feed is null ? null : () => feed.Failure;

    /// <summary>Starts what keeps the client's own service up to date, before there is a request to it.</summary>
    internal void Start(Uri baseAddress)
    {
        if (GetStaticCluster(baseAddress) is null && LogicalAddress.IsHttp(baseAddress.Scheme))
        {
            GetFeed(baseAddress);
        }
    }

    /// <summary>Gets what service discovery keeps up to date for the service that an address names; the first to ask for it starts that.</summary>
    internal EndpointFeed GetFeed(Uri address)
    {
        // Nearly every client has one service, and then its address need not be parsed, nor looked for in the dictionary.
        if (_first is { Feed.HasEnded: false } first && first.Start.IsOf(address))
        {
            return first.Feed;
        }

        var service = LogicalAddress.Of(address);
        if (!_feeds.TryGetValue(service, out var feed))
        {
            lock (_writer)
            {
                feed = _feeds.GetOrAdd(service, static (service, self) => self._registry.StartFeed(self, service), this);
            }
        }

        if (_first is null or { Feed.HasEnded: true } && AddressStart.Of(address) is { } start)
        {
            _first = new NamedFeed(start, feed);
        }

        return feed;
    }

    /// <summary>Makes the probe that the options ask for.</summary>
    /// <param name="logical">The address by whose name an endpoint may have its certificate.</param>
    /// <param name="options">The options.</param>
    internal IHealthProbe CreateProbe(Uri logical, ActiveHealthCheckOptions options) =>
        options.GetProbe()
        ?? (options.Kind == HealthProbeKind.Tcp
            ? new TcpProbe()
            : new HttpProbe(_probeClient.Value.Http, logical, _settings.HostHeader, options));

    public void Dispose()
    {
        if (_probeClient.IsValueCreated)
        {
            _probeClient.Value.Dispose();
        }
    }

    /// <summary>Forgets a feed that has ended.</summary>
    internal void Forget(LogicalAddress service, EndpointFeed feed) => _feeds.TryRemove(KeyValuePair.Create(service, feed));

    /// <summary>Takes over changed options, all at once for static endpoints and strategy alike.</summary>
    internal void Configure(ClientSettings settings)
    {
        lock (_writer)
        {
            if (settings.IsStatic && _static is { } cluster)
            {
                // The strategy first: it is what may fail, and then nothing has changed yet.
                cluster.Configure(settings.Cluster);
                cluster.Update(settings.Endpoints);
            }

            foreach (var feed in _feeds.Values)
            {
                feed.Cluster.Configure(settings.Cluster);
            }

            _settings = settings;
        }
    }

    private sealed record NamedFeed(AddressStart Start, EndpointFeed Feed);
}
