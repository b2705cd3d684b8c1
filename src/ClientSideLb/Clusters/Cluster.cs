using Microsoft.Extensions.Logging;

namespace ClientSideLb;

/// <summary>
/// The endpoints of one service as one client sees them. Writers take turns and publish a new <see cref="ClusterSnapshot"/>;
/// requests read the latest one without a lock.
/// </summary>
internal sealed class Cluster : ICluster, IDisposable
{
    private const int RampSteps = 10;

    private readonly Lock _writer = new();
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly double _ticksPerTimestamp;
    private readonly long _millisecond;
    private readonly HashSet<string> _drainedByHand = new(StringComparer.Ordinal);
    private readonly List<ClusterEndpoint> _leaving = [];
    private readonly InFlightTable _inFlight = new();
    private RewriteCache? _rewrites;
    private ClusterEndpoint[] _members = [];
    private int _available;
    private bool _unpublished;
    private volatile ClusterSettings _settings;
    private volatile ClusterSnapshot _snapshot = ClusterSnapshot.Empty;
    private long _trialDue = long.MaxValue;
    private ITimer? _rampTimer;
    private bool _disposed;

    internal Cluster(string clientName, string serviceName, ClusterSettings settings, TimeProvider time, Random random, ILogger logger, LoadBalancingMetrics metrics)
    {
        ClientName = clientName;
        ServiceName = serviceName;
        _settings = settings;
        _time = time;
        _random = random;
        _logger = logger;
        Metrics = metrics;
        RetryBudget = new RetryBudget(time);
        _ticksPerTimestamp = (double)TimeSpan.TicksPerSecond / time.TimestampFrequency;
        _millisecond = Math.Max(1, time.TimestampFrequency / 1000);
    }

    public string ClientName { get; }

    public string ServiceName { get; }

    public string Strategy => _settings.Strategy.Name;

    public IReadOnlyList<ClusterEndpoint> Endpoints => _snapshot.Endpoints;

    public bool InPanic => _snapshot.InPanic;

    internal ClusterSnapshot Snapshot => _snapshot;

    internal ClusterSettings Settings => _settings;

    /// <summary>Gets or sets what is called when endpoints or settings change. It is set before the cluster is shared.</summary>
    internal Action? Changed { private get; set; }

    internal LoadBalancingMetrics Metrics { get; }

    /// <summary>Gets the rewritten addresses of this cluster's repeated requests.</summary>
    /// <remarks>Made for the first of them: there is a cluster for each name that passes through, too, and a crawler meets many of those.</remarks>
    internal RewriteCache Rewrites => LazyInitializer.EnsureInitialized(ref _rewrites, static () => new RewriteCache());

    /// <summary>Gets the budget of extra attempts for this cluster's requests.</summary>
    internal RetryBudget RetryBudget { get; }

    /// <summary>Picks an endpoint and takes a lease on it, or returns <see langword="null"/> where none may be picked.</summary>
    /// <param name="context">What the pick may depend on.</param>
    /// <param name="httpsOnly">Whether the request must not go over plain http.</param>
    /// <param name="replayable">Whether the request can be sent again if it fails, and so is the better trial.</param>
    internal EndpointLease? Acquire(in PickContext context, bool httpsOnly, bool replayable = true)
    {
        while (true)
        {
            var now = _time.GetTimestamp();

            // A request that cannot be sent again is put at risk only when no other has come for a while.
            var due = replayable ? now : now - _settings.Outliers.BaseEjectionTime;
            if (due >= Volatile.Read(ref _trialDue) && TryBeginTrial(in context, httpsOnly, due, now) is { } trial)
            {
                return trial;
            }

            var snapshot = SnapshotFor(httpsOnly);
            if (snapshot.Pick(in context) is not { } endpoint)
            {
                if (IsLatest(snapshot, httpsOnly))
                {
                    return null;
                }
            }
            else if (TryLease(endpoint, now) is { } lease)
            {
                return lease;
            }
        }
    }

    /// <summary>Takes a lease on an endpoint that is out but not drained, when no available one is left untried.</summary>
    internal EndpointLease? AcquireOut(in PickContext context, bool httpsOnly)
    {
        while (true)
        {
            var snapshot = SnapshotFor(httpsOnly);
            if (snapshot.PickOut(in context) is not { } endpoint)
            {
                if (IsLatest(snapshot, httpsOnly))
                {
                    return null;
                }
            }
            else if (TryLease(endpoint, _time.GetTimestamp()) is { } lease)
            {
                return lease;
            }
        }
    }

    /// <summary>Tells whether there is an endpoint, be it one that is out, that a request has not been sent to.</summary>
    internal bool HasUntried(TriedEndpoints tried, bool httpsOnly)
    {
        ClusterSnapshot snapshot;
        do
        {
            snapshot = SnapshotFor(httpsOnly);
            if (Array.Exists(snapshot.Set.AllArray, endpoint => !endpoint.IsDraining && !tried.Contains(endpoint)))
            {
                return true;
            }
        }
        while (!IsLatest(snapshot, httpsOnly));
        return false;
    }

    /// <summary>Learns from the end of an attempt. It is called once for each lease, at the response's headers or the failure.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="verdict">What the end says of the endpoint.</param>
    /// <param name="answer">Whether there was an answer, and how.</param>
    /// <param name="setAside">How long the endpoint asked to be left alone, if it did.</param>
    internal void Observe(EndpointLease lease, Verdict verdict, Answer answer, TimeSpan? setAside = null)
    {
        var endpoint = lease.Endpoint;
        var outliers = _settings.Outliers;
        if (answer != Answer.None)
        {
            endpoint.Failures.ObserveAnswer();
        }

        // What was sent before an ejection says nothing of the endpoint afterwards, also when it is back.
        var counts = outliers.Enabled && lease.Started >= endpoint.EjectedAt;
        EjectionReason? outlier = null;
        var isNews = false;
        switch (verdict)
        {
            case Verdict.Success:
                isNews = endpoint.ObserveWorking() && _settings.Probes.Enabled;

                // To ask for the time takes 23 ns, about as much as all the rest of this, and so only timed requests do. They move the window on.
                var time = lease.IsTimed ? _time.GetTimestamp() : lease.Started;
                if (lease.IsTimed && answer == Answer.Other)
                {
                    endpoint.ObserveLatency((long)((time - lease.Started) * _ticksPerTimestamp));
                }

                if (counts)
                {
                    endpoint.Failures.ObserveSuccess(time, outliers);
                }

                break;
            case Verdict.Failure or Verdict.Refused when counts:
                outlier = endpoint.Failures.ObserveFailure(_time.GetTimestamp(), outliers);
                break;
            case Verdict.Abandoned when counts:
                outlier = endpoint.Failures.ObserveUnanswered(lease.AnswersBefore, _time.GetTimestamp() - lease.Started, outliers);
                break;
        }

        // Nearly every request ends here. What follows changes the state of an endpoint, and waits for the writer.
        if (isNews || outlier is not null || setAside is not null || lease.IsTrial || (verdict == Verdict.Success && endpoint.IsEjected))
        {
            Settle(lease, verdict, isNews, outlier, setAside, _time.GetTimestamp());
        }
    }

    /// <summary>Learns how the body of a response ended that <see cref="Observe"/> has been told of. It is called once at most.</summary>
    /// <param name="lease">The lease, which has ended.</param>
    /// <param name="verdict">What the end of the body says of the endpoint.</param>
    internal void ObserveBody(EndpointLease lease, Verdict verdict)
    {
        var endpoint = lease.Endpoint;
        if (verdict == Verdict.Success)
        {
            endpoint.Failures.ObserveWholeBody();
            return;
        }

        var outliers = _settings.Outliers;
        var now = _time.GetTimestamp();
        if (verdict is Verdict.Failure or Verdict.Refused
            && outliers.Enabled
            && lease.Started >= endpoint.EjectedAt
            && endpoint.Failures.ObserveBrokenBody(now, outliers) is { } outlier)
        {
            Settle(lease, Verdict.Failure, isNews: false, outlier, setAside: null, now);
        }
    }

    /// <summary>Learns from a probe.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="failure">Why the probe failed, or <see langword="null"/> where it passed.</param>
    /// <param name="started">When it was sent.</param>
    internal void ObserveProbe(ClusterEndpoint endpoint, string? failure, long started)
    {
        var passed = failure is null;
        lock (_writer)
        {
            if (!IsMember(endpoint) || !_settings.Probes.Enabled)
            {
                return;
            }

            var (wasUnhealthy, hadPassed) = (endpoint.Probes.IsUnhealthy, endpoint.Probes.HasPassed);
            endpoint.Probes.Add(failure, _settings.Probes.HealthyThreshold, _settings.Probes.UnhealthyThreshold);
            var isNews = endpoint.Probes.HasPassed != hadPassed;
            if (passed && !endpoint.Probes.IsUnhealthy)
            {
                isNews |= endpoint.ObserveWorking();
            }

            var returned = passed && !endpoint.Probes.IsUnhealthy && endpoint.Ejection.IsEjected && started >= endpoint.Ejection.ProbesCountFrom;
            if (returned)
            {
                Return(endpoint, _time.GetTimestamp());
            }

            endpoint.Show();
            if (isNews || returned || wasUnhealthy != endpoint.Probes.IsUnhealthy)
            {
                TryPublish();
            }

            if (!wasUnhealthy && endpoint.Probes.IsUnhealthy)
            {
                _logger.Unhealthy(ClientName, ServiceName, endpoint.Address, endpoint.Probes.WhyUnhealthy!);
            }
            else if (wasUnhealthy && !endpoint.Probes.IsUnhealthy)
            {
                endpoint.Failures.Clear();
                _logger.Healthy(ClientName, ServiceName, endpoint.Address);
            }

            if (returned)
            {
                _logger.Returned(ClientName, ServiceName, endpoint.Address);
            }
        }
    }

    /// <summary>Takes over the set of endpoints that a source lists now. Endpoints keep their identity by address.</summary>
    internal void Update(IReadOnlyList<EndpointDescription> listed)
    {
        lock (_writer)
        {
            var described = new Dictionary<string, EndpointDescription>(listed.Count, StringComparer.Ordinal);
            foreach (var description in listed)
            {
                described.TryAdd(description.Address.Key, description);
            }

            if (!_unpublished
                && described.Count == _members.Length
                && Array.TrueForAll(_members, member => described.TryGetValue(member.Location.Key, out var same) && member.IsDescribedBy(same)))
            {
                return;
            }

            var leavers = Array.FindAll(_members, member => !described.ContainsKey(member.Location.Key));
            _members = KeepAndAdd(described);
            _leaving.AddRange(leavers);
            foreach (var endpoint in _members)
            {
                endpoint.Describe(described[endpoint.Location.Key]);
                endpoint.DrainReason = WhyDrain(endpoint);
            }

            foreach (var endpoint in leavers)
            {
                endpoint.DrainReason = "it is no longer listed";
                endpoint.SetAvailable(false);
            }

            Publish();
            foreach (var endpoint in _leaving.ToArray())
            {
                endpoint.OnIdle(Forget);
            }

            Changed?.Invoke();

            _logger.EndpointsChanged(ClientName, ServiceName, _members.Length, leavers.Length);
        }
    }

    /// <summary>Takes over a changed strategy or other settings.</summary>
    internal void Configure(ClusterSettings settings)
    {
        lock (_writer)
        {
            if (_settings == settings)
            {
                return;
            }

            var before = _settings;
            _settings = settings;
            try
            {
                LiftWhatIsOff();
                Publish();
            }
            catch
            {
                // The new strategy failed, and so the old one stays.
                _settings = before;
                throw;
            }

            Changed?.Invoke();
        }
    }

    public bool TryDrain(Uri address)
    {
        lock (_writer)
        {
            if (Find(address) is not { } endpoint)
            {
                return false;
            }

            if (_drainedByHand.Add(endpoint.Location.Key) && !endpoint.IsDraining)
            {
                endpoint.DrainReason = WhyDrain(endpoint);
                TryPublish();
                _logger.DrainBegan(ClientName, ServiceName, endpoint.Address);
            }

            return true;
        }
    }

    public bool TryResume(Uri address)
    {
        lock (_writer)
        {
            var endpoint = Find(address);
            var remembered = EndpointAddress.WhyNot(address) is null && _drainedByHand.Remove(new EndpointAddress(address).Key);
            if (remembered && endpoint is not null && WhyDrain(endpoint) is null)
            {
                endpoint.DrainReason = null;
                TryPublish();
                _logger.Resumed(ClientName, ServiceName, endpoint.Address);
            }

            return remembered || endpoint is not null;
        }
    }

    public void Dispose()
    {
        lock (_writer)
        {
            _disposed = true;
            _rampTimer?.Dispose();
        }
    }

    private ClusterSnapshot SnapshotFor(bool httpsOnly) => httpsOnly ? _snapshot.Https : _snapshot;

    // A writer marks endpoints before it publishes the snapshot that goes with it. When all are replaced at once, nothing of the old
    // snapshot may be picked any more while the new one is still being made: whoever finds nothing waits for the writer, and looks again.
    private bool IsLatest(ClusterSnapshot snapshot, bool httpsOnly)
    {
        lock (_writer)
        {
            return ReferenceEquals(snapshot, SnapshotFor(httpsOnly));
        }
    }

    private EndpointLease? TryLease(ClusterEndpoint endpoint, long now)
    {
        var lease = new EndpointLease(endpoint, now, isTimed: endpoint.TryBeginTiming(now, _millisecond));
        if (!endpoint.IsDraining)
        {
            return lease;
        }

        // A drain began between the pick and the lease. Whoever waits for the endpoint to be idle may have seen it idle by now, so
        // the request must go elsewhere.
        lease.Release();
        return null;
    }

    private EndpointLease? TryBeginTrial(in PickContext context, bool httpsOnly, long due, long now)
    {
        // A request that has failed elsewhere has been through enough.
        if (context.HasExclusions)
        {
            return null;
        }

        lock (_writer)
        {
            foreach (var endpoint in _members)
            {
                if (endpoint.Health == EndpointHealth.Ejected && (!httpsOnly || endpoint.Location.IsHttps) && endpoint.Ejection.TryBeginTrial(due))
                {
                    RefreshTrialDue();
                    return new EndpointLease(endpoint, now, isTimed: endpoint.TryBeginTiming(now, _millisecond), isTrial: true);
                }
            }

            return null;
        }
    }

    private void Settle(EndpointLease lease, Verdict verdict, bool isNews, EjectionReason? outlier, TimeSpan? setAside, long now)
    {
        var endpoint = lease.Endpoint;
        lock (_writer)
        {
            // The trial of an endpoint that is leaving must end, too: it may be listed again before its last request has finished.
            if (!IsMember(endpoint) && !_leaving.Contains(endpoint))
            {
                return;
            }

            var ejection = endpoint.Ejection;
            var wasEjected = ejection.IsEjected;
            var failed = verdict is Verdict.Failure or Verdict.Refused
                || (verdict == Verdict.Abandoned && now - lease.Started >= _settings.Outliers.UnansweredWait);
            if (ejection.IsEjected)
            {
                // What was sent before the ejection says nothing of the endpoint as it is now. A trial begins later than its ejection.
                var isTrial = lease.IsTrial && lease.Started > ejection.Began;
                if (verdict == Verdict.Success && setAside is null && lease.Started >= ejection.Began)
                {
                    Return(endpoint, now);
                    _logger.Returned(ClientName, ServiceName, endpoint.Address);
                }
                else if (isTrial && (failed || setAside is not null))
                {
                    Eject(endpoint, failed ? EjectionReason.TrialFailed : EjectionReason.RetryAfter, setAside, now);
                }
                else if (isTrial)
                {
                    ejection.AbandonTrial();
                }
            }
            else if ((setAside is null ? outlier : EjectionReason.RetryAfter) is { } reason
                && _settings.Outliers.Enabled
                && MayEject(endpoint, refused: verdict == Verdict.Refused))
            {
                Eject(endpoint, reason, setAside, now);
            }

            endpoint.Show();
            if (isNews || wasEjected != ejection.IsEjected)
            {
                TryPublish();
            }
            else
            {
                RefreshTrialDue();
            }
        }
    }

    // The cap counts all that are out, whatever the reason. The last one that is available stays, whatever it does.
    private bool MayEject(ClusterEndpoint endpoint, bool refused)
    {
        var outWithIt = _members.Length - _available + 1;
        return endpoint.IsAvailable && _available > 1 && (refused || outWithIt <= _settings.Outliers.MaxOut(_members.Length));
    }

    private void Eject(ClusterEndpoint endpoint, EjectionReason reason, TimeSpan? setAside, long now)
    {
        const double Jitter = 0.1;

        var outliers = _settings.Outliers;
        if (setAside is { } asked)
        {
            endpoint.Ejection.SetAside(now, Math.Min(Timestamps.Of(asked, _time), outliers.MaxEjectionTime));
        }
        else
        {
            var jitter = 1 - Jitter + (2 * Jitter * _random.NextDouble());
            endpoint.Ejection.EjectForFailures(now, outliers.BaseEjectionTime, outliers.MaxEjectionTime, jitter);
        }

        endpoint.Failures.Clear();
        var time = _time.GetElapsedTime(now, endpoint.Ejection.Until);
        var notice = new EjectionNotice(outliers.Describe(reason), _time.GetUtcNow() + time);
        endpoint.Ejection.Notice = notice;
        _logger.Ejected(ClientName, ServiceName, endpoint.Address, time, notice.Reason);
        Metrics.Ejected(this, endpoint, reason);
    }

    private static void Return(ClusterEndpoint endpoint, long now)
    {
        endpoint.Ejection.Return(now);
        endpoint.Failures.Clear();
    }

    // Survivors keep their order, so that an endpoint's place does not depend on the order in which a source happens to list them.
    private ClusterEndpoint[] KeepAndAdd(Dictionary<string, EndpointDescription> described)
    {
        var members = new List<ClusterEndpoint>(described.Count);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _members)
        {
            if (described.ContainsKey(member.Location.Key))
            {
                members.Add(member);
                known.Add(member.Location.Key);
            }
        }

        foreach (var (key, description) in described)
        {
            if (!known.Contains(key))
            {
                var endpoint = Rejoin(key) ?? new ClusterEndpoint(description, _inFlight.Take(described.Count));
                if (_members.Length > 0)
                {
                    endpoint.Ramp.NoteOut();
                }

                members.Add(endpoint);
            }
        }

        return [.. members];
    }

    // An endpoint that comes back before its last request has finished is the one it was.
    private ClusterEndpoint? Rejoin(string key)
    {
        var endpoint = _leaving.Find(leaver => leaver.Location.Key == key);
        if (endpoint is not null)
        {
            endpoint.RemoveOnIdle(Forget);
            _leaving.Remove(endpoint);
        }

        return endpoint;
    }

    private void Forget(ClusterEndpoint endpoint)
    {
        lock (_writer)
        {
            // It may have come back, or a late request may have taken a lease, since it was seen idle.
            if (endpoint.InFlight == 0 && _leaving.Remove(endpoint))
            {
                endpoint.RemoveOnIdle(Forget);
                _snapshot = _snapshot.WithLeaving(_leaving);
            }
        }
    }

    private string? WhyDrain(ClusterEndpoint endpoint) =>
        _drainedByHand.Contains(endpoint.Location.Key) ? "it was drained by hand" :
        endpoint.Weight == 0 ? ClusterEndpoint.ZeroWeight :
        null;

    private bool IsMember(ClusterEndpoint endpoint)
    {
        // Array.IndexOf would call Equals on each.
        foreach (var member in _members)
        {
            if (ReferenceEquals(member, endpoint))
            {
                return true;
            }
        }

        return false;
    }

    private ClusterEndpoint? Find(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (EndpointAddress.WhyNot(address) is not null)
        {
            return null;
        }

        var key = new EndpointAddress(address).Key;
        return Array.Find(_members, member => member.Location.Key == key);
    }

    // What is switched off must not keep an endpoint out for ever.
    private void LiftWhatIsOff()
    {
        foreach (var endpoint in _members.Concat(_leaving))
        {
            if (!_settings.Probes.Enabled)
            {
                endpoint.Probes.Clear();
            }

            if (!_settings.Outliers.Enabled && endpoint.Ejection.IsEjected)
            {
                Return(endpoint, _time.GetTimestamp());
            }

            endpoint.Show();
        }
    }

    // Where nobody is there to be told that a strategy of the application's failed to make a picker, least of all the request whose
    // outcome is being observed: the old picker stays, and the cluster overrules its picks of endpoints that are out.
    private void TryPublish()
    {
        try
        {
            Publish();
        }
        catch (Exception failure)
        {
            _logger.StrategyFailed(failure, ClientName, ServiceName, Strategy);
        }
    }

    // What could not be published is tried again with the next update.
    private void Publish()
    {
        _unpublished = true;
        RefreshAvailability();
        var before = _snapshot;
        var isTimed = Metrics.TimesBuilds;
        var started = isTimed ? _time.GetTimestamp() : 0;
        _snapshot = ClusterSnapshot.Create(_members, _leaving, _settings, _random, before);
        if (isTimed)
        {
            Metrics.SnapshotBuilt(this, _time.GetElapsedTime(started));
        }

        _unpublished = false;
        RefreshTrialDue();
        if (before.InPanic != _snapshot.InPanic)
        {
            LogPanic();
        }
    }

    /// <summary>Logs, for who debugs, that a request goes on to another endpoint.</summary>
    internal void LogMove(ClusterEndpoint? from, string? errorType) => _logger.Moved(ClientName, ServiceName, from?.Address, errorType ?? "no answer yet");

    private void LogPanic()
    {
        if (_snapshot.InPanic)
        {
            _logger.PanicBegan(ClientName, ServiceName, _available, _members.Length);
        }
        else
        {
            _logger.PanicEnded(ClientName, ServiceName, _available, _members.Length);
        }
    }

    private void RefreshTrialDue()
    {
        var due = long.MaxValue;
        foreach (var endpoint in _members)
        {
            // Nearly all are not ejected, and what they are is then of no interest.
            if (endpoint.IsEjected && endpoint.Health == EndpointHealth.Ejected)
            {
                due = Math.Min(due, endpoint.Ejection.TrialDue);
            }
        }

        Interlocked.Exchange(ref _trialDue, due);
    }

    // Marks who is available, and moves on those that ramp up, in one pass: with thousands of endpoints it is the memory that takes time.
    private void RefreshAvailability()
    {
        var unknownWait = Availability.UnknownsWait(_members, _settings.Probes.Enabled);
        var now = _time.GetTimestamp();
        var duration = Timestamps.Of(_settings.SlowStart, _time);
        var (available, anyRamps) = (0, false);
        foreach (var endpoint in _members)
        {
            var health = endpoint.Health;
            var isAvailable = Availability.IsNotOut(health, unknownWait);
            endpoint.SetAvailable(isAvailable);
            if (isAvailable)
            {
                available++;
                anyRamps |= endpoint.Ramp.Advance(now, duration);
            }
            else if (health != EndpointHealth.Unknown)
            {
                endpoint.Ramp.NoteOut();
            }
        }

        _available = available;
        if (anyRamps && !_disposed)
        {
            _rampTimer ??= Detached.CreateTimer(_time, static cluster => ((Cluster)cluster!).Step(), this);
            _rampTimer.Change(_settings.SlowStart / RampSteps, Timeout.InfiniteTimeSpan);
        }
    }

    private void Step()
    {
        lock (_writer)
        {
            if (!_disposed)
            {
                TryPublish();
            }
        }
    }
}
