using System.Collections.Concurrent;
using ClientSideLb.Clusters;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>
/// The feeds of the services that one client uses. A feed that no request uses ends. Its cluster is kept aside for a while, and for as long as
/// the application refers to it: if the service is needed again, its endpoints have the state that they had.
/// </summary>
/// <param name="writer">The lock of the client's settings.</param>
/// <param name="createCluster">Makes the cluster of a service with the client's settings. Called under the lock.</param>
/// <param name="services">The parts that all clients share.</param>
internal sealed class ServiceFeeds(Lock writer, Func<LogicalAddress, MonitoredCluster> createCluster, ClientServices services)
{
    // As long as the longest ejection by default. After that time, the state of an endpoint is out of date.
    private static readonly TimeSpan KeptAside = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(1);

    // By default, a dictionary has a lock for each core. Few threads write to this one, and an application may have hundreds of clients.
    private readonly ConcurrentDictionary<LogicalAddress, RunningFeed> _running = new(concurrencyLevel: 1, capacity: 7);
    private readonly Dictionary<LogicalAddress, IdleCluster> _idle = [];
    private volatile NamedFeed? _first;
    private LogicalAddress? _keptForProbes;
    private ITimer? _cleanup;
    private bool _isCleanupScheduled;

    /// <summary>Gets the clusters of the services that are in use.</summary>
    internal IEnumerable<Cluster> Clusters =>
        _running.Values.Where(static running => !running.Feed.IsPassThrough).Select(static running => running.Cluster);

    /// <summary>Gets the names in use that no provider of service discovery knows.</summary>
    internal IEnumerable<string> UnknownNames =>
        _running.Values.Where(static running => running.Feed.IsPassThrough).Select(static running => running.Service.Host).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the clusters that are kept aside.</summary>
    internal IReadOnlyList<Cluster> IdleClusters
    {
        get
        {
            lock (writer)
            {
                return [.. _idle.Values.Select(static idle => idle.Find()?.Cluster).OfType<Cluster>()];
            }
        }
    }

    /// <summary>Gets the feed of the service that an address names. The first call starts it.</summary>
    internal RunningFeed Get(Uri address)
    {
        // Nearly every client has one service. Its addresses are recognized without parsing them and without a lookup in the dictionary.
        if (_first is { Running.Feed.HasEnded: false } first && first.Start.IsStartOf(address))
        {
            return first.Running;
        }

        var running = Get(LogicalAddress.Of(address));
        if (_first is null or { Running.Feed.HasEnded: true } && AddressStart.Of(address) is { } start)
        {
            _first = new NamedFeed(start, running);
        }

        return running;
    }

    /// <summary>Starts the feed of a service that is probed without requests. It goes on for as long as probes are enabled.</summary>
    internal void Keep(Uri address)
    {
        var service = LogicalAddress.Of(address);
        lock (writer)
        {
            _keptForProbes = service;
        }

        Get(service).Feed.IsKeptForProbes = true;
    }

    /// <summary>Applies changed settings to the clusters in use and to those that are kept aside.</summary>
    /// <exception cref="Exception">The new strategy failed. The previous settings stay in use.</exception>
    internal void ConfigureLocked(ClusterSettings settings, ClusterSettings before)
    {
        writer.AssertHeld();
        var changed = new List<Cluster>();
        try
        {
            foreach (var cluster in _running.Values.Select(static running => running.Cluster).Concat(IdleClusters))
            {
                cluster.Configure(settings);
                changed.Add(cluster);
            }
        }
        catch
        {
            changed.ForEach(cluster => Restore(cluster, before));
            throw;
        }
    }

    /// <summary>Takes an ended feed out of use, and keeps its cluster aside if it has endpoints.</summary>
    internal void End(RunningFeed ended)
    {
        lock (writer)
        {
            EndLocked(ended);
        }
    }

    /// <summary>Waits until all feeds and probes have ended. The caller has cancelled them before.</summary>
    internal async ValueTask StopAsync()
    {
        lock (writer)
        {
            _cleanup?.Dispose();
            IdleClusters.ToList().ForEach(static cluster => cluster.Dispose());
        }

        foreach (var running in _running.Values)
        {
            await running.StopAsync().ConfigureAwait(false);
        }
    }

    private RunningFeed Get(LogicalAddress service)
    {
        if (_running.TryGetValue(service, out var running) && !running.Feed.HasEnded)
        {
            return running;
        }

        lock (writer)
        {
            ObjectDisposedException.ThrowIf(services.Stopped.IsCancellationRequested, typeof(IServiceProvider));
            if (_running.TryGetValue(service, out running) && running.Feed.HasEnded)
            {
                // The feed has ended at this moment.
                EndLocked(running);
            }

            return StartLocked(service);
        }
    }

    private RunningFeed StartLocked(LogicalAddress service)
    {
        writer.AssertHeld();
        if (_running.TryGetValue(service, out var existing))
        {
            return existing;
        }

        if (!_idle.Remove(service, out var idle) || idle.Find() is not { } cluster)
        {
            cluster = createCluster(service);
            cluster.DrainBegan = () => Restart(service);
        }

        var running = new RunningFeed(service, cluster, services.Feeds.Create(cluster.Cluster, service));
        running.Feed.IsKeptForProbes = service == _keptForProbes;
        _running[service] = running;
        cluster.Resume();
        running.Start(this, services.Stopped);
        return running;
    }

    private void EndLocked(RunningFeed ended)
    {
        writer.AssertHeld();
        if (!_running.TryRemove(KeyValuePair.Create(ended.Service, ended)))
        {
            return;
        }

        if (ReferenceEquals(_first?.Running, ended))
        {
            _first = null;
        }

        ended.Monitored.Suspend();
        if (ended.Cluster.Snapshot.Members.Length == 0)
        {
            ended.Cluster.Dispose();
            return;
        }

        _idle[ended.Service] = new IdleCluster(ended.Monitored, services.Time.GetTimestamp());
        if (ended.Cluster.IsHeld)
        {
            // A drain or a request has begun at this moment.
            StartLocked(ended.Service);
        }

        ScheduleCleanupLocked();
    }

    // An application has drained an endpoint of a cluster that it refers to. If that cluster is kept aside, it gets its feed back, so that it
    // is listed again and keeps the drain.
    private void Restart(LogicalAddress service)
    {
        if (!_running.ContainsKey(service) && !services.Stopped.IsCancellationRequested)
        {
            Get(service);
        }
    }

    private void ScheduleCleanupLocked()
    {
        writer.AssertHeld();
        if (!_isCleanupScheduled && _idle.Count > 0 && !services.Stopped.IsCancellationRequested)
        {
            // The timer must not keep alive a container that is dropped without being disposed.
            _cleanup ??= BackgroundWork.CreateTimer(
                services.Time,
                static feeds =>
                {
                    if (((WeakReference<ServiceFeeds>)feeds!).TryGetTarget(out var target))
                    {
                        target.CleanUp();
                    }
                },
                new WeakReference<ServiceFeeds>(this));
            _cleanup.Change(CleanupInterval, Timeout.InfiniteTimeSpan);
            _isCleanupScheduled = true;
        }
    }

    private void CleanUp()
    {
        lock (writer)
        {
            _isCleanupScheduled = false;
            foreach (var (service, idle) in _idle.ToArray())
            {
                if (services.Time.GetElapsedTime(idle.Since) < KeptAside || services.Stopped.IsCancellationRequested)
                {
                    continue;
                }

                if (idle.Find() is { Cluster.IsHeld: true })
                {
                    StartLocked(service);
                }
                else if (!idle.TryRelease())
                {
                    _idle.Remove(service);
                }
            }

            ScheduleCleanupLocked();
        }
    }

    private static void Restore(Cluster cluster, ClusterSettings settings)
    {
        try
        {
            cluster.Configure(settings);
        }
        catch (Exception)
        {
            // The strategy fails as it did with the new settings. The caller reports that failure.
        }
    }

    private sealed record NamedFeed(AddressStart Start, RunningFeed Running);

    // A cluster whose feed has ended. After a while it is kept only as long as the application refers to it.
    private sealed class IdleCluster(MonitoredCluster cluster, long since)
    {
        private readonly WeakReference<MonitoredCluster> _known = new(cluster);
        private MonitoredCluster? _kept = cluster;

        internal long Since => since;

        internal MonitoredCluster? Find() => _kept ?? (_known.TryGetTarget(out var found) ? found : null);

        /// <summary>Leaves the cluster to the garbage collector.</summary>
        /// <returns>Whether the cluster still exists.</returns>
        internal bool TryRelease()
        {
            _kept = null;
            return Find() is not null;
        }
    }
}
