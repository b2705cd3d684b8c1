using System.Globalization;
using ClientSideLb.Clusters;
using ClientSideLb.Endpoints;
using ClientSideLb.Shared;

namespace ClientSideLb.Telemetry;

/// <summary>Keeps the last events of all clusters of a container, for the live page. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class ClusterHistory(TimeProvider time) : IClusterListener
{
    /// <summary>The number of events that are kept.</summary>
    internal const int MaxEvents = 50;

    private readonly Lock _lock = new();
    private readonly Queue<ClusterEvent> _events = new(MaxEvents);
    private long _count;

    /// <summary>Gets the events, the latest first.</summary>
    internal IReadOnlyList<ClusterEvent> Read()
    {
        lock (_lock)
        {
            return [.. _events.Reverse()];
        }
    }

    /// <summary>Adds the event of a reload that has changed options of a client.</summary>
    internal void AddReload(string clientName, string shortClientName, string changes) =>
        Add(new ClusterEventSource(clientName, shortClientName, ""), ClusterEventKind.OptionsChanged, changes, "the configuration was reloaded");

    public void OnEndpointsChanged(Cluster cluster, MembershipChange change)
    {
        if (change.Came.Length > 0 || change.Went.Length > 0)
        {
            string?[] parts =
            [
                change.Came.Length == 0 ? null : $"came: {EndpointList.Describe(change.Came)}",
                change.Went.Length == 0 ? null : $"went: {EndpointList.Describe(change.Went)}",
            ];
            Add(
                cluster,
                ClusterEventKind.EndpointsChanged,
                string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", parts.OfType<string>())} ({change.Count} listed now)"),
                change.Reason);
        }

        if (change.DescribeAlterations() is { } alterations)
        {
            Add(cluster, ClusterEventKind.EndpointsAltered, alterations, change.Reason);
        }
    }

    public void OnSubsetChanged(Cluster cluster, int used, int listed) => Add(
        cluster,
        ClusterEventKind.SubsetChanged,
        string.Create(CultureInfo.InvariantCulture, $"other endpoints are used, {used} of {listed}"),
        "the listed endpoints, their health or the settings of the subset have changed");

    public void OnDrained(Cluster cluster, ClusterEndpoint endpoint) =>
        Add(cluster, ClusterEventKind.Drained, $"{endpoint} drained", "it was drained by hand");

    public void OnResumed(Cluster cluster, ClusterEndpoint endpoint) =>
        Add(cluster, ClusterEventKind.Resumed, $"{endpoint} no longer drained", "it was resumed by hand");

    public void OnEjected(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason, string description, TimeSpan duration)
    {
        if (reason == EjectionReason.Rejected)
        {
            Add(cluster, ClusterEventKind.SetAside, $"{endpoint} set aside for {DurationText.Of(duration)}", description);
        }
        else
        {
            Add(cluster, ClusterEventKind.Ejected, $"{endpoint} ejected for {DurationText.Of(duration)}", description);
        }
    }

    public void OnReturned(Cluster cluster, ClusterEndpoint endpoint, string reason) => Add(cluster, ClusterEventKind.Returned, $"{endpoint} is back", reason);

    public void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) => Add(cluster, ClusterEventKind.Unhealthy, $"{endpoint} unhealthy", reason);

    public void OnHealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) => Add(cluster, ClusterEventKind.Healthy, $"{endpoint} healthy", reason);

    public void OnPanicBegan(Cluster cluster, int available, int count) => Add(
        cluster,
        ClusterEventKind.PanicBegan,
        "panic: all endpoints but the drained ones are used",
        string.Create(CultureInfo.InvariantCulture, $"{available} of {count} endpoints are available"));

    public void OnPanicEnded(Cluster cluster, int available, int count) => Add(
        cluster,
        ClusterEventKind.PanicEnded,
        "panic is over",
        string.Create(CultureInfo.InvariantCulture, $"{available} of {count} endpoints are available"));

    public void OnLevelsChanged(Cluster cluster, IReadOnlyList<ClusterLevel> levels)
    {
        var first = levels[0];
        if (first.Share < 1)
        {
            Add(cluster, ClusterEventKind.LevelsChanged, $"requests go to {LevelText.DescribeShares(levels)}", $"{LevelText.DescribeAvailability(levels)} are available");
        }
        else
        {
            Add(
                cluster,
                ClusterEventKind.LevelsChanged,
                $"all requests go to {LevelText.Name(first, levels)} again",
                string.Create(CultureInfo.InvariantCulture, $"{first.Available} of {first.Endpoints.Count} endpoints are available there"));
        }
    }

    public void OnDiscoveryFailed(Cluster cluster, string reason) =>
        Add(cluster, ClusterEventKind.DiscoveryFailed, "service discovery failed; the known endpoints stay in use", reason);

    public void OnDiscoveryRecovered(Cluster cluster) =>
        Add(cluster, ClusterEventKind.DiscoveryRecovered, "service discovery answers again", "a query succeeded");

    public void OnStrategyFailed(Cluster cluster, Exception failure) => Add(
        cluster, ClusterEventKind.StrategyFailed, $"the strategy '{cluster.Strategy}' made no picker; its last one stays in use", $"it threw {ErrorType.Of(failure)}");

    private void Add(Cluster cluster, ClusterEventKind kind, string description, string reason) =>
        Add(ClusterEventSource.Of(cluster), kind, description, reason);

    private void Add(ClusterEventSource source, ClusterEventKind kind, string description, string reason)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_events.Count == MaxEvents)
            {
                _events.Dequeue();
            }

            _events.Enqueue(new ClusterEvent(++_count, now, source, kind, description, reason));
        }
    }
}
