using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Counts the results of requests, ejects outliers, and ends ejections after one trial request at a time. Counting needs no lock. The caller
/// of a method named Locked holds the cluster's lock.
/// </summary>
internal sealed class OutlierDetector(Lock clusterLock, ClusterMembership membership, TimeProvider time, Random random)
{
    private long _trialDue = long.MaxValue;

    /// <summary>Tells, without a lock, whether a trial request may be due at a time.</summary>
    internal bool MayTrialBeDue(long due) => due >= Volatile.Read(ref _trialDue);

    /// <summary>Counts the result of an attempt, without a lock.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="result">The result. It is timed unless it is a success.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is not.</returns>
    internal static EjectionReason? Count(EndpointLease lease, in AttemptResult result, OutlierSettings settings)
    {
        var endpoint = lease.Endpoint;
        if (result.Response is not null)
        {
            endpoint.Failures.ObserveAnswer();
        }

        if (!settings.Enabled || WasSentBeforeEjection(lease))
        {
            return null;
        }

        switch (result.Verdict)
        {
            case AttemptVerdict.Success:
                endpoint.Failures.ObserveSuccess(result.IsTimed ? result.Timestamp : lease.Started, settings);
                return null;
            case AttemptVerdict.Failure or AttemptVerdict.Refused:
                return endpoint.Failures.ObserveFailure(result.Timestamp, settings);
            case AttemptVerdict.Abandoned when result.IsFromPrimary:
                return endpoint.Failures.ObserveUnanswered(lease.AnswersBefore, result.Timestamp - lease.Started, settings);
            default:
                return null;
        }
    }

    /// <summary>Counts a body that broke off after good headers, without a lock.</summary>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is not.</returns>
    internal static EjectionReason? CountBrokenBody(EndpointLease lease, long now, OutlierSettings settings) =>
        settings.Enabled && !WasSentBeforeEjection(lease) ? lease.Endpoint.Failures.ObserveBrokenBody(now, settings) : null;

    /// <summary>Takes the trial of an ejected endpoint, if one is due.</summary>
    internal ClusterEndpoint? TakeTrialLocked(long due, bool httpsOnly)
    {
        clusterLock.AssertHeld();
        foreach (var endpoint in membership.Members)
        {
            if (endpoint.Record.Health == EndpointHealth.Ejected && (!httpsOnly || endpoint.Location.IsHttps) && endpoint.Record.Ejection.TryBeginTrial(due))
            {
                RefreshTrialDueLocked();
                return endpoint;
            }
        }

        return null;
    }

    /// <summary>Changes the ejection of an endpoint by the result of an attempt.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="verdict">The verdict on the result.</param>
    /// <param name="outlier">Why the endpoint is an outlier, if it is.</param>
    /// <param name="setAside">How long the endpoint asked to get no requests, if it did.</param>
    /// <param name="now">The timestamp of the change.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="available">The number of available endpoints in the cluster.</param>
    internal EjectionChange ApplyResultLocked(
        EndpointLease lease, AttemptVerdict verdict, EjectionReason? outlier, TimeSpan? setAside, long now, OutlierSettings settings, int available)
    {
        clusterLock.AssertHeld();
        var record = lease.Endpoint.Record;
        if (record.Ejection.IsEjected)
        {
            return ApplyToEjectedLocked(lease, verdict, setAside, now, settings);
        }

        var reason = setAside is null ? outlier : EjectionReason.RetryAfter;
        return reason is not null && settings.Enabled && MayEject(lease.Endpoint, verdict == AttemptVerdict.Refused, settings, available)
            ? Eject(record, lease.Endpoint, reason.Value, setAside, now, settings)
            : EjectionChange.None;
    }

    /// <summary>Ends an ejection.</summary>
    internal void ReturnLocked(ClusterEndpoint endpoint, long now)
    {
        clusterLock.AssertHeld();
        endpoint.Record.Ejection.Return(now);
        endpoint.Failures.Clear();
    }

    /// <summary>Computes when the next trial is due.</summary>
    internal void RefreshTrialDueLocked()
    {
        clusterLock.AssertHeld();
        var due = long.MaxValue;
        foreach (var endpoint in membership.Members)
        {
            var record = endpoint.Record;
            if (record.Ejection.IsEjected && record.Health == EndpointHealth.Ejected)
            {
                due = Math.Min(due, record.Ejection.TrialDue);
            }
        }

        Interlocked.Exchange(ref _trialDue, due);
    }

    // A request that was sent before an ejection does not show how the endpoint works afterwards, even if the ejection has ended.
    private static bool WasSentBeforeEjection(EndpointLease lease) => lease.Started < lease.Endpoint.State.EjectedAt;

    private EjectionChange ApplyToEjectedLocked(EndpointLease lease, AttemptVerdict verdict, TimeSpan? setAside, long now, OutlierSettings settings)
    {
        var endpoint = lease.Endpoint;
        var ejection = endpoint.Record.Ejection;
        if (verdict == AttemptVerdict.Success && setAside is null && lease.Started >= ejection.Began)
        {
            ReturnLocked(endpoint, now);
            return EjectionChange.Returned;
        }

        // A trial begins later than its ejection, so a trial of an earlier ejection changes nothing.
        if (!lease.IsTrial || lease.Started <= ejection.Began)
        {
            return EjectionChange.None;
        }

        var failed = verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            || (verdict == AttemptVerdict.Abandoned && now - lease.Started >= settings.UnansweredWait);
        if (failed || setAside is not null)
        {
            return Eject(endpoint.Record, endpoint, failed ? EjectionReason.TrialFailed : EjectionReason.RetryAfter, setAside, now, settings);
        }

        ejection.AbandonTrial();
        return EjectionChange.None;
    }

    // The ratio counts all endpoints that are out, whatever the reason. The last available one is never ejected.
    private bool MayEject(ClusterEndpoint endpoint, bool isRefused, OutlierSettings settings, int available)
    {
        var count = membership.Members.Length;
        return endpoint.IsAvailable && available > 1 && (isRefused || count - available + 1 <= settings.GetMaxOut(count));
    }

    private EjectionChange Eject(
        EndpointRecord record, ClusterEndpoint endpoint, EjectionReason reason, TimeSpan? setAside, long now, OutlierSettings settings)
    {
        const double Jitter = 0.1;

        if (setAside is { } asked)
        {
            record.Ejection.SetAside(now, Math.Min(Timestamps.FromTimeSpan(asked, time), settings.MaxEjectionTime));
        }
        else
        {
            var jitter = 1 - Jitter + (2 * Jitter * random.NextDouble());
            record.Ejection.EjectForFailures(now, settings.BaseEjectionTime, settings.MaxEjectionTime, jitter);
        }

        endpoint.Failures.Clear();
        var duration = time.GetElapsedTime(now, record.Ejection.Until);
        record.Ejection.Notice = new EjectionNotice(settings.Describe(reason), time.GetUtcNow() + duration);
        return EjectionChange.Ejected(reason, duration);
    }
}
