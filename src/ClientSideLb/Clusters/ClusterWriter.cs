using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// The state of a cluster and its lock, for the parts that change it. A change has three steps: under the lock, change the records; call
/// <see cref="PublishLocked"/> with the events of the change; and after the lock is released, call <see cref="FinishChange"/>.
/// </summary>
internal sealed class ClusterWriter : IDisposable
{
    private readonly Cluster _cluster;
    private readonly Random _random;
    private readonly LevelWatch _levels = new();
    private readonly SlowStartTimer _slowStart;
    private readonly EndpointSubset _subset = new();
    private readonly EndpointLimits _limits;
    private volatile ClusterSettings _settings;
    private int _reserve;

    internal ClusterWriter(Cluster cluster, ClusterSettings settings, TimeProvider time, Random random, IEnumerable<IClusterListener> listeners)
    {
        _cluster = cluster;
        _settings = settings;
        _random = random;
        _slowStart = new SlowStartTimer(Lock, time, Republish);
        Clock = new ClusterClock(time);
        Events = new ClusterEventQueue(listeners);
        Changes = new ChangeSignal(ReportCallbackFailure);
        Action? arm = null;
        Membership = new ClusterMembership(Lock, Forget, () => new RequestWaits(time, arm ??= Hangs!.Arm), Room);
        _limits = new EndpointLimits(Lock, Membership, random);
        var limits = new WaitLimits(time);
        Counter = new OutlierCounter(limits);
        Outliers = new OutlierDetector(Lock, Membership, time, random);
        Hangs = new HangDetector(this, time, limits, EjectHangingLocked);
        Rejections = new RejectionTimer(cluster, this, time);
        Snapshots = new SnapshotPublisher(Lock, time, Changes.Mark, duration => Events.Add(listener => listener.OnPickersMade(cluster, duration)));
    }

    internal Lock Lock { get; } = new();

    /// <summary>Gets the watch that reports when an endpoint has room again.</summary>
    internal RoomWatch Room { get; } = new();

    /// <summary>Gets or sets the action that runs after each change, without the lock. It must not throw.</summary>
    internal Action? Changed { get; set; }

    internal ClusterClock Clock { get; }

    internal ClusterEventQueue Events { get; }

    /// <summary>Gets the signal that reports changes to the application.</summary>
    internal ChangeSignal Changes { get; }

    internal ClusterMembership Membership { get; }

    internal OutlierCounter Counter { get; }

    internal OutlierDetector Outliers { get; }

    internal HangDetector Hangs { get; }

    internal RejectionTimer Rejections { get; }

    internal SnapshotPublisher Snapshots { get; }

    /// <summary>Gets or sets the settings. They are set under the lock.</summary>
    internal ClusterSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>Computes which endpoints are available, and publishes a snapshot of them. The caller holds the lock.</summary>
    /// <param name="addEvents">
    /// Adds the events of the change. They come before the events of its consequences, such as panic, and after the snapshot: another thread may deliver
    /// them at once, and listeners read the snapshot.
    /// </param>
    internal void PublishLocked(Action? addEvents = null)
    {
        Lock.AssertHeld();
        var before = Snapshots.Latest;
        Membership.UseLocked(_subset.Choose(Membership.Listed, Settings));
        Outliers.EndOutageIfOverLocked(Clock.GetTimestamp());
        var next = before.CreateNext(Membership, Settings, _random);
        var availability = next.Availability;
        _slowStart.AdvanceLocked(next.Members, in availability, Settings.SlowStart);
        _limits.ApplyLocked(Settings.Concurrency);
        Snapshots.PublishLocked(next, Membership.Leaving);
        _reserve = Membership.CountReserveLocked();
        Outliers.RefreshTrialDueLocked();
        addEvents?.Invoke();
        if (before.IsSubsetOtherThan(next))
        {
            var (used, listed) = (next.Members.Length, next.Listed.Length);
            Events.Add(listener => listener.OnSubsetChanged(_cluster, used, listed));
        }

        if (before.InPanic != next.InPanic)
        {
            var (available, count) = (availability.Count, next.Members.Length);
            Events.Add(next.InPanic ? listener => listener.OnPanicBegan(_cluster, available, count) : listener => listener.OnPanicEnded(_cluster, available, count));
        }

        if (_levels.FindChange(next.GetView(httpsOnly: false)) is { } levels)
        {
            Events.Add(listener => listener.OnLevelsChanged(_cluster, levels));
        }
    }

    /// <summary>
    /// Gets the number of endpoints of the cluster that are not out, whether the client uses them or not. It is counted at each change, because in an outage
    /// nearly every result asks for it.
    /// </summary>
    internal int GetAvailableLocked()
    {
        Lock.AssertHeld();
        return Snapshots.Latest.Availability.Count + _reserve;
    }

    /// <summary>Adds the event of an ejection.</summary>
    internal void AddEjected(ClusterEndpoint endpoint, EjectionReason reason, TimeSpan duration)
    {
        var description = Settings.Outliers.Describe(reason);
        Events.Add(listener => listener.OnEjected(_cluster, endpoint, reason, description, duration));
    }

    /// <summary>Forgets the failures of an endpoint that is no longer unhealthy, and adds the event. The caller holds the lock.</summary>
    internal void AddHealthy(ClusterEndpoint endpoint, string reason)
    {
        Lock.AssertHeld();
        endpoint.Failures.Clear();
        endpoint.LoadPenalty.Clear();
        Events.Add(listener => listener.OnHealthy(_cluster, endpoint, reason));
    }

    /// <summary>Adds the events of a change of the members. The caller holds the lock.</summary>
    internal void AddMembershipEvents(MembershipChange change)
    {
        Events.Add(listener => listener.OnEndpointsChanged(_cluster, change));
        foreach (var endpoint in change.Unhealthy)
        {
            Events.Add(listener => listener.OnUnhealthy(_cluster, endpoint, EndpointRecord.ReportedUnhealthy));
        }

        foreach (var endpoint in change.Healthy)
        {
            AddHealthy(endpoint, "service discovery no longer says that it is unhealthy");
        }
    }

    /// <summary>Ends what keeps endpoints out if the settings no longer permit it. Otherwise it would keep them out for ever.</summary>
    internal void ClearDisabledChecksLocked()
    {
        Lock.AssertHeld();
        if (!Settings.SetsRejectingAside)
        {
            Rejections.EndAllLocked();
        }

        foreach (var endpoint in Membership.Listed.Concat(Membership.Leaving))
        {
            if (!Settings.Probes.Enabled)
            {
                endpoint.Record.ClearProbes();
            }

            if (!Settings.Outliers.Enabled && endpoint.Record.IsEjected)
            {
                Outliers.ReturnLocked(endpoint, Clock.GetTimestamp());
            }
        }
    }

    /// <summary>
    /// Calls the strategy to make pickers, and delivers the events to the listeners. This runs code of the application, so the caller holds
    /// no lock.
    /// </summary>
    /// <param name="isRequired">
    /// Whether the pickers must be in use when this returns. If not, a failure of the strategy is only reported to the listeners. The old
    /// pickers then stay in use, and the views overrule them.
    /// </param>
    /// <exception cref="Exception">The pickers are required, and the strategy failed.</exception>
    internal void FinishChange(bool isRequired = false)
    {
        try
        {
            Snapshots.MakePickers(isRequired);
        }
        catch (Exception failure) when (!isRequired)
        {
            Events.Add(listener => listener.OnStrategyFailed(_cluster, failure));
        }
        finally
        {
            Changed?.Invoke();
            Events.Deliver();
            Changes.Fire();
        }
    }

    public void Dispose()
    {
        Changes.End();
        _slowStart.Dispose();
        Hangs.Dispose();
        Rejections.Dispose();
    }

    private void EjectHangingLocked(ClusterEndpoint endpoint)
    {
        Lock.AssertHeld();
        var change = Outliers.EjectHangingLocked(endpoint, Clock.GetTimestamp(), Settings.Outliers, GetAvailableLocked());
        if (change.Reason is { } reason)
        {
            PublishLocked(() => AddEjected(endpoint, reason, change.Duration));
        }
    }

    private void Forget(ClusterEndpoint endpoint)
    {
        lock (Lock)
        {
            if (Membership.ForgetLocked(endpoint))
            {
                Snapshots.ReplaceLeavingLocked(Membership.Leaving);
            }
        }

        Changes.Fire();
    }

    private void ReportCallbackFailure(Exception failure)
    {
        Events.Add(listener => listener.OnChangeCallbackFailed(_cluster, failure));
        Events.Deliver();
    }

    private void Republish()
    {
        lock (Lock)
        {
            PublishLocked();
        }

        FinishChange();
    }
}
