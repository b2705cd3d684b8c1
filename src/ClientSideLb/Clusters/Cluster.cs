using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Clusters;

/// <summary>
/// The endpoints of one service as one client sees them. Writers take a lock, publish a new <see cref="ClusterSnapshot"/>, release the lock,
/// and then notify the listeners. Requests read the latest snapshot without a lock.
/// </summary>
/// <remarks>
/// The cluster connects its parts: <see cref="ClusterMembership"/>, <see cref="OutlierDetector"/>, <see cref="SlowStartTimer"/>,
/// <see cref="SnapshotPublisher"/>, <see cref="EndpointAcquirer"/> and the two observers. No code of the application (strategies, log sinks,
/// meter listeners) runs while the lock is held.
/// </remarks>
internal sealed class Cluster : ICluster, IDisposable
{
    private readonly ClusterWriter _writer;
    private readonly EndpointAcquirer _acquirer;
    private readonly ResultObserver _results;
    private readonly ProbeObserver _probes;

    /// <param name="clientName">The name of the client.</param>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The source of random numbers, safe for many threads.</param>
    /// <param name="listeners">The listeners. They are notified of each change.</param>
    /// <param name="shortClientName">The client's name as people read it, or <see langword="null"/> if that is its name.</param>
    internal Cluster(
        string clientName,
        string serviceName,
        ClusterSettings settings,
        TimeProvider time,
        Random random,
        IEnumerable<IClusterListener> listeners,
        string? shortClientName = null)
    {
        ClientName = clientName;
        ShortClientName = shortClientName ?? clientName;
        ServiceName = serviceName;
        RetryBudget = new RetryBudgetWindow(time);
        _writer = new ClusterWriter(this, settings, time, random, listeners);
        _acquirer = new EndpointAcquirer(_writer.Lock, _writer.Snapshots, _writer.Outliers, RetryBudget, _writer.Clock, random);
        _results = new ResultObserver(this, _writer);
        _probes = new ProbeObserver(this, _writer);
        Waiting = new WaitingRoom(ShortClientName, _writer, _acquirer, _results, time);
        _writer.Changed = Waiting.OnChanged;
        lock (_writer.Lock)
        {
            Waiting.PrepareLocked();
        }
    }

    public string ClientName { get; }

    public string ShortClientName { get; }

    public string ServiceName { get; }

    public string Strategy => Settings.Strategy.Name;

    public IReadOnlyList<ClusterEndpoint> Endpoints => Snapshot.Endpoints;

    public int ListedEndpointCount => Snapshot.Listed.Length;

    public int QueuedCount => Waiting.Count;

    public bool InPanic => Snapshot.InPanic;

    public IReadOnlyList<ClusterLevel> Levels => Snapshot.GetView(httpsOnly: false).DescribeLevels();

    internal ClusterSnapshot Snapshot => _writer.Snapshots.Latest;

    internal ClusterSettings Settings => _writer.Settings;

    internal ClusterClock Clock => _writer.Clock;

    /// <summary>Gets where requests wait until an endpoint has room.</summary>
    internal WaitingRoom Waiting { get; }

    /// <summary>Gets the budget of extra attempts for this cluster's requests.</summary>
    internal RetryBudgetWindow RetryBudget { get; }

    /// <summary>
    /// Gets a value indicating whether the cluster must be kept without new requests: requests are in flight, or an endpoint is drained by hand.
    /// </summary>
    internal bool IsHeld
    {
        get
        {
            lock (_writer.Lock)
            {
                return _writer.Membership.HasDrainsLocked || _writer.Membership.Listed.Concat(_writer.Membership.Leaving).Any(static endpoint => endpoint.InFlight > 0);
            }
        }
    }

    /// <summary>Adds a listener. Call this before the cluster is shared between threads.</summary>
    internal void Subscribe(IClusterListener listener) => _writer.Events.Subscribe(listener);

    /// <inheritdoc cref="EndpointAcquirer.AcquireUntried"/>
    internal EndpointLease? AcquireUntried(PickKeys keys, object request, TriedEndpoints? tried, EndpointNeeds needs) =>
        AcquireUntried(keys, request, tried, needs, out _);

    /// <inheritdoc cref="EndpointAcquirer.AcquireUntried"/>
    /// <remarks>While requests wait for room, there is no lease: a request that comes later must not overtake them.</remarks>
    internal EndpointLease? AcquireUntried(PickKeys keys, object request, TriedEndpoints? tried, EndpointNeeds needs, out Shortage shortage)
    {
        if (Waiting.IsAnyWaiting)
        {
            shortage = new Shortage(IsFull: true, Owner: null);
            return null;
        }

        return _acquirer.AcquireUntried(keys, request, tried, needs, out shortage)
            ?? (_writer.Rejections.ReturnDue() ? _acquirer.AcquireUntried(keys, request, tried, needs, out shortage) : null);
    }

    /// <summary>Tells whether a snapshot has no endpoint for a request because all that are not drained have rejected requests.</summary>
    internal bool IsRejecting(ClusterSnapshot snapshot, bool httpsOnly) =>
        snapshot.GetView(httpsOnly).Set.AvailableArray.Length == 0 && FindShortestRejection(httpsOnly) is not null;

    /// <summary>
    /// Finds how soon one of the endpoints that have rejected requests takes them again, or <see langword="null"/> if none has rejected any.
    /// </summary>
    internal TimeSpan? FindShortestRejection(bool httpsOnly)
    {
        var until = Snapshot.GetView(httpsOnly).Set.AllArray.Min(static endpoint => (long?)endpoint.State.RejectsUntil) ?? long.MaxValue;
        return until == long.MaxValue ? null : Clock.ToTimeSpan(Math.Max(0, until - Clock.GetTimestamp()));
    }

    /// <summary>Picks an available endpoint, or an ejected one whose trial is due, and takes a lease on it.</summary>
    internal EndpointLease? Acquire(in PickContext context, EndpointNeeds needs) => _acquirer.Acquire(in context, needs, Clock.GetTimestamp(), out _);

    /// <inheritdoc cref="EndpointAcquirer.HasUntried"/>
    internal bool HasUntried(TriedEndpoints tried, bool httpsOnly) =>
        _acquirer.HasUntried(tried, httpsOnly) || (_writer.Rejections.ReturnDue() && _acquirer.HasUntried(tried, httpsOnly));

    /// <summary>
    /// Tells whether a request that failed has an endpoint to move to: one that it has not been sent to, and that has room, or for which it may wait.
    /// </summary>
    internal bool MayMove(TriedEndpoints tried, bool httpsOnly) =>
        HasUntried(tried, httpsOnly) && (Settings.Concurrency is { HasLimits: false } or { MayWait: true } || _acquirer.HasRoom(tried, httpsOnly));

    /// <summary>Tells whether a request has an endpoint for an attempt beside those that are under way. Such an attempt never waits for room.</summary>
    internal bool MayHedge(TriedEndpoints tried, bool httpsOnly) =>
        HasUntried(tried, httpsOnly) && (!Settings.Concurrency.HasLimits || (!Waiting.IsAnyWaiting && _acquirer.HasRoom(tried, httpsOnly)));

    /// <inheritdoc cref="ResultObserver.Observe"/>
    internal void Observe(EndpointLease lease, in AttemptResult result, TimeSpan? setAside = null) => _results.Observe(lease, in result, setAside);

    /// <inheritdoc cref="ResultObserver.ObserveBody"/>
    internal void ObserveBody(EndpointLease lease, AttemptVerdict verdict, long stalled = 0) => _results.ObserveBody(lease, verdict, stalled);

    /// <inheritdoc cref="ProbeObserver.Observe"/>
    internal void ObserveProbe(ClusterEndpoint endpoint, HealthProbeResult result, long started) => _probes.Observe(endpoint, result, started);

    /// <summary>
    /// Replaces the endpoints by those that a source lists now. An endpoint whose address stays listed keeps its object and state.
    /// </summary>
    /// <param name="listed">The endpoints.</param>
    /// <param name="reason">Why they are listed now, for people.</param>
    /// <exception cref="Exception">
    /// The strategy failed to make a picker. The previous pickers stay in use, and the next update tries again.
    /// </exception>
    internal void Update(IReadOnlyList<EndpointDescription> listed, string reason = MembershipChange.FromDiscovery)
    {
        lock (_writer.Lock)
        {
            if (_writer.Membership.UpdateLocked(listed) is { } change)
            {
                _writer.PublishLocked(() => _writer.AddMembershipEvents(change with { Reason = reason }));
                if (_writer.Membership.ForgetOrWatchLeaversLocked())
                {
                    _writer.Snapshots.ReplaceLeavingLocked(_writer.Membership.Leaving);
                }
            }
        }

        _writer.FinishChange(isRequired: true);
    }

    /// <summary>Applies new settings.</summary>
    /// <exception cref="Exception">The new strategy failed to make a picker. The previous settings stay in use.</exception>
    internal void Configure(ClusterSettings settings)
    {
        ClusterSettings before;
        lock (_writer.Lock)
        {
            if (_writer.Settings == settings)
            {
                return;
            }

            before = _writer.Settings;
            _writer.Settings = settings;
            Waiting.PrepareLocked();
            _writer.ClearDisabledChecksLocked();
            _writer.PublishLocked();
        }

        try
        {
            _writer.Snapshots.MakePickers(isRequired: true);
        }
        catch
        {
            lock (_writer.Lock)
            {
                _writer.Settings = before;
                _writer.PublishLocked();
            }

            _writer.FinishChange();
            throw;
        }

        _writer.Events.Add(listener => listener.OnSettingsChanged(this));
        _writer.FinishChange();
    }

    public IChangeToken GetChangeToken() => _writer.Changes.GetToken();

    /// <summary>Tells the listeners that service discovery has failed, and did not before.</summary>
    internal void ReportDiscoveryFailed(string reason) => Report(listener => listener.OnDiscoveryFailed(this, reason));

    /// <summary>Tells the listeners that service discovery answers again.</summary>
    internal void ReportDiscoveryRecovered() => Report(listener => listener.OnDiscoveryRecovered(this));

    public TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        try
        {
            // The view of the requests that take any scheme has all members.
            return Snapshot.GetView(httpsOnly: false).Picker.GetLatencyEstimate(endpoint, Clock.ToTimeSpan(Clock.GetTimestamp()));
        }
        catch (Exception)
        {
            // A strategy that fails to give its estimate must hide neither the other metrics nor the page.
            return null;
        }
    }

    public bool TryDrain(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_writer.Lock)
        {
            if (EndpointAddress.FindFault(address) is not null || _writer.Membership.FindLocked(new EndpointAddress(address).Key) is not { } endpoint)
            {
                return false;
            }

            if (_writer.Membership.DrainLocked(endpoint))
            {
                _writer.PublishLocked(() => _writer.Events.Add(listener => listener.OnDrained(this, endpoint)));
            }
        }

        _writer.FinishChange();
        return true;
    }

    public bool TryResume(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (EndpointAddress.FindFault(address) is not null)
        {
            return false;
        }

        var key = new EndpointAddress(address).Key;
        bool isKnown;
        lock (_writer.Lock)
        {
            isKnown = _writer.Membership.ResumeLocked(key, out var resumed) || _writer.Membership.FindLocked(key) is not null;
            if (resumed is not null)
            {
                _writer.PublishLocked(() => _writer.Events.Add(listener => listener.OnResumed(this, resumed)));
            }
        }

        _writer.FinishChange();
        return isKnown;
    }

    public void Dispose()
    {
        Waiting.Dispose();
        _writer.Dispose();
    }

    private void Report(Action<IClusterListener> notify)
    {
        _writer.Events.Add(notify);
        _writer.Events.Deliver();
    }
}
