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
    private readonly ServiceFeeds _feeds;
    private readonly Lazy<ProbeClient> _probeClient;
    private readonly RewriteCache _rewrites;
    private readonly KnownHosts _hosts = new();
    private readonly UnknownNames _unknown;
    private readonly ServiceHosts _own;
    private readonly Lock _writer = new();
    private volatile ClientSettings _settings;
    private volatile MonitoredCluster? _static;
    private volatile Route? _staticRoute;

    internal LoadBalancedClient(string name, ClientSettings settings, ClientServices services)
    {
        Name = name;
        ShortName = services.Names.Shorten(name);
        _settings = settings;
        _services = services;
        Failover = services.CreateFailover(ShortName);
        _rewrites = new RewriteCache(services.Rewrites);
        Pipeline = new PipelineReport(ShortName, services.Telemetry.Logger);
        _feeds = new ServiceFeeds(_writer, service => CreateCluster(service.Host, new Uri(service.ToString())), services);
        _unknown = new UnknownNames(ShortName, settings.IsStatic, services.Feeds.DescribeKnownServices, services.Telemetry.Logger);
        _own = new ServiceHosts(name, _hosts, () => services.CreateHttpClient(name));
        _probeClient = new Lazy<ProbeClient>(() => services.CreateProbeClient(name));
    }

    internal string Name { get; }

    /// <summary>Gets the name as people read it.</summary>
    internal string ShortName { get; }

    /// <summary>Gets the pipeline that sends the further attempts of a request.</summary>
    internal FailoverPipeline Failover { get; }

    /// <summary>Gets the log of notable facts about the client's handlers.</summary>
    internal PipelineReport Pipeline { get; }

    internal ClientSettings Settings => _settings;

    internal IEnumerable<Cluster> Clusters => _settings.IsStatic
        ? _static is { } cluster ? [cluster.Cluster] : []
        : _feeds.Clusters;

    /// <summary>Gets the names in use that no provider of service discovery knows.</summary>
    internal IEnumerable<UnknownService> UnknownServices =>
        _feeds.UnknownNames.Select(service => new UnknownService(Name, ShortName, service, _settings.UnknownServices == UnknownServiceMode.Refuse));

    /// <summary>Learns the name of the service from a client that the factory has made, if the endpoints are static.</summary>
    internal void Observe(HttpClient client)
    {
        if (GetStaticCluster(client.BaseAddress) is not null)
        {
            _own.Observe(client);
        }
    }

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

        return !settings.IsStatic && LogicalAddress.IsHttp(address.Scheme) ? _feeds.Get(address) : null;
    }

    /// <summary>Waits until the first query of a feed has ended.</summary>
    /// <exception cref="InvalidOperationException">The request belongs to that query, so the wait would never end.</exception>
    internal async Task WaitForEndpointsAsync(RunningFeed running, CancellationToken cancellationToken)
    {
        using (_services.Recursion.BeginWait(running.ServiceName, ShortName))
        {
            await running.Feed.FirstQuery.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="WaitForEndpointsAsync"/>
    internal void WaitForEndpoints(RunningFeed running, CancellationToken cancellationToken)
    {
        using (_services.Recursion.BeginWait(running.ServiceName, ShortName))
        {
            running.Feed.FirstQuery.Wait(cancellationToken);
        }
    }

    /// <summary>
    /// Gets the route of a request: to the client's static endpoints, to those of the feed, or to the request's own address. The last one is for
    /// names that are no services, for hosts that are foreign to static endpoints, and for other schemes than http, which the primary handler rejects.
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

        if (running is null && GetStaticCluster(baseAddress: null, settings) is { } endpoints && !_own.Contains(request, endpoints))
        {
            return GetForeignRoute(request.RequestUri!, endpoints, settings);
        }

        // The cluster of a name that is refused has no endpoint.
        var isUnknown = running is { Feed.IsPassThrough: true };
        var cluster =
            running is null ? GetStaticCluster(baseAddress: null, settings) :
            isUnknown && settings.UnknownServices == UnknownServiceMode.PassThrough ? null :
            running.Cluster;
        running?.Feed.MarkUsed();
        var latest = running is null ? _staticRoute : running.LatestRoute;
        if (latest is not null && latest.IsFor(cluster, settings, isUnknown))
        {
            return latest;
        }

        var route = CreateRoute(cluster, settings, running?.Feed, isUnknown ? _unknown.Add(running!.Service.Host, isRefused: cluster is not null) : null);
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

    /// <summary>
    /// Starts the feed of the client's own service before the first request to it. It runs without requests for as long as probes are enabled.
    /// </summary>
    internal void Start(Uri baseAddress)
    {
        if (GetStaticCluster(baseAddress) is null && LogicalAddress.IsHttp(baseAddress.Scheme))
        {
            _feeds.Keep(baseAddress);
        }
    }

    /// <summary>Applies changed settings.</summary>
    /// <exception cref="ArgumentException">
    /// The settings switch between static endpoints and service discovery. A client never does that.
    /// </exception>
    /// <exception cref="Exception">The new strategy failed. The previous settings stay in use.</exception>
    internal void Configure(ClientSettings settings)
    {
        lock (_writer)
        {
            var before = _settings;
            if (settings.IsStatic != before.IsStatic)
            {
                throw new ArgumentException("A client keeps its static endpoints, or its service discovery, until the application ends.", nameof(settings));
            }

            if (_static is { } made)
            {
                ConfigureStatic(made.Cluster, settings, before);
            }

            _feeds.ConfigureLocked(settings.Cluster, before.Cluster);
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

        foreach (var made in Clusters)
        {
            made.Waiting.Dispose();
        }

        await _feeds.StopAsync().ConfigureAwait(false);
        if (cluster is not null)
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
        }

        if (_probeClient.IsValueCreated)
        {
            await _probeClient.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void ConfigureStatic(Cluster cluster, ClientSettings settings, ClientSettings before)
    {
        // The settings with the strategy are applied first, because the strategy may fail. Then the endpoints have not changed yet.
        cluster.Configure(settings.Cluster);
        try
        {
            cluster.Update(settings.Endpoints, MembershipChange.FromOptions);
        }
        catch
        {
            // The new strategy works with the old endpoints and not with the new ones. The cluster has the new endpoints already.
            cluster.Configure(before.Cluster);
            cluster.Update(before.Endpoints, MembershipChange.FromOptions);
            throw;
        }
    }

    // The lambda is in a separate method, because its closure would be allocated at the start of GetRoute, for every request.
    private Route CreateRoute(Cluster? cluster, ClientSettings settings, EndpointFeed? feed, UnknownName? unknown = null) =>
        new(cluster, settings, feed is null ? null : () => feed.Failure, _services.Time, _hosts, _services.Telemetry, _rewrites, unknown);

    private Route GetForeignRoute(Uri address, Cluster cluster, ClientSettings settings)
    {
        var host = AddressText.GetAuthority(address);
        var isRefused = settings.UnknownServices == UnknownServiceMode.Refuse;
        var route = CreateRoute(cluster: null, settings, feed: null, _unknown.Add(host, isRefused));
        return isRefused ? throw NoEndpointMessage.RefuseForeign(route, cluster, host) : route;
    }

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
                var cluster = CreateCluster(baseAddress?.Host ?? ShortName, baseAddress ?? DefaultBaseAddress.For(Name));
                cluster.Cluster.Update(_settings.Endpoints, MembershipChange.FromOptions);
                _static = cluster;
            }

            return _static.Cluster;
        }
    }

    private MonitoredCluster CreateCluster(string serviceName, Uri logical) =>
        _services.Clusters.Create(Name, ShortName, serviceName, _settings.Cluster, settings => CreateProbe(logical, settings));

    private IHealthProbe CreateProbe(Uri logical, ProbeSettings settings) => settings.OwnProbe ?? settings.Kind switch
    {
        HealthProbeKind.Tcp => new TcpProbe(settings),
        HealthProbeKind.Grpc => new GrpcProbe(_probeClient.Value, logical, settings),
        _ => new HttpProbe(_probeClient.Value, logical, settings),
    };
}
