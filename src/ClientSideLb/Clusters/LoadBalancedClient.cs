using System.Collections.Concurrent;

namespace ClientSideLb;

/// <summary>One named <see cref="HttpClient"/>: its options, and the clusters its requests go to. It outlives the client's handlers.</summary>
internal sealed class LoadBalancedClient
{
    private readonly ClusterRegistry _registry;
    private readonly ConcurrentDictionary<LogicalAddress, EndpointFeed> _feeds = new();
    private readonly Lock _writer = new();
    private volatile ClientSettings _settings;
    private volatile Cluster? _static;

    internal LoadBalancedClient(string name, ClientSettings settings, ClusterRegistry registry)
    {
        Name = name;
        _settings = settings;
        _registry = registry;
    }

    internal string Name { get; }

    internal ClientSettings Settings => _settings;

    internal IEnumerable<Cluster> Clusters => _settings.IsStatic
        ? _static is { } cluster ? [cluster] : []
        : _feeds.Values.Where(static feed => !feed.IsPassThrough).Select(static feed => feed.Cluster);

    /// <summary>Gets the cluster of the client's static endpoints, or <see langword="null"/> if it has none and uses service discovery.</summary>
    /// <param name="baseAddress">The client's base address, which gives the cluster its service name if it is the first to ask.</param>
    internal Cluster? GetStaticCluster(Uri? baseAddress)
    {
        if (!_settings.IsStatic)
        {
            return null;
        }

        if (_static is null)
        {
            lock (_writer)
            {
                if (_static is null)
                {
                    var cluster = _registry.CreateCluster(Name, baseAddress?.Host ?? Name, _settings.Cluster);
                    cluster.Update(_settings.Endpoints);
                    _static = cluster;
                }
            }
        }

        return _static;
    }

    /// <summary>Gets what service discovery keeps up to date for the service that an address names; the first to ask for it starts that.</summary>
    internal EndpointFeed GetFeed(Uri address)
    {
        var service = LogicalAddress.Of(address);
        if (_feeds.TryGetValue(service, out var feed))
        {
            return feed;
        }

        lock (_writer)
        {
            return _feeds.GetOrAdd(service, static (service, self) => self._registry.StartFeed(self, service), this);
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
}
