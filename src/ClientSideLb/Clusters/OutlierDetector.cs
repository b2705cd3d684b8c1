using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// Ejects outliers, and ends ejections after one trial request at a time. The caller of a method named Locked holds the cluster's lock.
/// </summary>
internal sealed class OutlierDetector(Lock clusterLock, ClusterMembership membership, TimeProvider time, Random random)
{
    private long _trialDue = long.MaxValue;

    /// <summary>Tells, without a lock, whether a trial request may be due at a time.</summary>
    internal bool MayTrialBeDue(long due) => due >= Volatile.Read(ref _trialDue);

    /// <summary>Takes a lease for the trial of an ejected endpoint, if one is due and the endpoint has room.</summary>
    /// <param name="candidates">The endpoints that may be tried.</param>
    /// <param name="due">The timestamp by which the trial must be due.</param>
    /// <param name="now">The timestamp of the trial.</param>
    /// <param name="needs">The needs of the request that is the trial.</param>
    /// <param name="settings">The settings.</param>
    internal EndpointLease? TakeTrialLocked(ReadOnlySpan<ClusterEndpoint> candidates, long due, long now, EndpointNeeds needs, OutlierSettings settings)
    {
        clusterLock.AssertHeld();
        foreach (var endpoint in candidates)
        {
            // The search in the list comes last, because thousands of endpoints may be ejected whose trials are not due.
            if (MayBeTried(endpoint.Record) && endpoint.Record.Ejection.TrialDue <= due && endpoint.HasRoom && membership.IsListedLocked(endpoint)
                && endpoint.Record.Ejection.TryBeginTrial(due, now, settings.UnansweredWait))
            {
                var lease = EndpointLease.TryTake(endpoint, now, isTrial: true, httpsOnly: needs.HttpsOnly);
                if (lease is null)
                {
                    // A request that has nowhere else to go has just taken the last place.
                    endpoint.Record.Ejection.AbandonTrial(now);
                }

                RefreshTrialDueLocked();
                return lease;
            }
        }

        return null;
    }

    /// <summary>Changes the ejection of an endpoint by the result of an attempt.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="verdict">The verdict on the result.</param>
    /// <param name="isServerError">Whether the result is a server error.</param>
    /// <param name="outlier">Why the endpoint is an outlier, if it is.</param>
    /// <param name="setAside">How long the endpoint asked to get no requests, if it did.</param>
    /// <param name="now">The timestamp of the change.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="available">The number of endpoints of the cluster that are not out, whether the client uses them or not.</param>
    internal EjectionChange ApplyResultLocked(
        EndpointLease lease, AttemptVerdict verdict, bool isServerError, EjectionReason? outlier, TimeSpan? setAside, long now, OutlierSettings settings, int available)
    {
        clusterLock.AssertHeld();
        var record = lease.Endpoint.Record;
        if (record.IsEjected)
        {
            if (isServerError && record.Ejection.IsForServerErrors)
            {
                verdict = AttemptVerdict.Failure;
            }

            return ApplyToEjectedLocked(lease, verdict, setAside, now, settings);
        }

        if (record.IsSuspect && verdict == AttemptVerdict.Success)
        {
            EndOutageLocked(now);
            return EjectionChange.None;
        }

        if ((setAside is null ? outlier : EjectionReason.RetryAfter) is not { } reason || !settings.Enabled)
        {
            return EjectionChange.None;
        }

        if (MayEject(lease.Endpoint, verdict == AttemptVerdict.Refused, settings, available))
        {
            return Eject(record, lease.Endpoint, reason, setAside, now, settings);
        }

        // The last available endpoint fails like the ejected ones. Then the health of every endpoint is unknown, and all are used.
        record.IsSuspect |= lease.Endpoint.IsAvailable && available == 1
            && Array.Exists(membership.Members, static member => member.Record is { Health: EndpointHealth.Ejected, IsEjected: true });
        return EjectionChange.None;
    }

    /// <summary>Ejects an endpoint for which requests wait in vain, if the rules permit it.</summary>
    internal EjectionChange EjectHangingLocked(ClusterEndpoint endpoint, long now, OutlierSettings settings, int available)
    {
        clusterLock.AssertHeld();
        return MayEject(endpoint, isRefused: false, settings, available)
            ? Eject(endpoint.Record, endpoint, EjectionReason.Hanging, setAside: null, now, settings)
            : EjectionChange.None;
    }

    /// <summary>Ends an ejection.</summary>
    internal void ReturnLocked(ClusterEndpoint endpoint, long now)
    {
        clusterLock.AssertHeld();
        endpoint.Record.Ejection.Return(now);
        endpoint.Record.ClearSilence();
        endpoint.Failures.Clear();
        endpoint.LoadPenalty.Clear();
    }

    /// <summary>Computes when the next trial is due.</summary>
    internal void RefreshTrialDueLocked()
    {
        clusterLock.AssertHeld();
        var due = long.MaxValue;
        foreach (var endpoint in membership.Members)
        {
            if (MayBeTried(endpoint.Record))
            {
                due = Math.Min(due, endpoint.Record.Ejection.TrialDue);
            }
        }

        Interlocked.Exchange(ref _trialDue, due);
    }

    /// <summary>Ends an outage of all endpoints if one is available that does not fail like the others, because it was resumed or added for example.</summary>
    internal void EndOutageIfOverLocked(long now)
    {
        clusterLock.AssertHeld();
        if (Array.Exists(membership.Members, static member =>
            !member.Record.IsSuspect && (member.Record.Health is EndpointHealth.Healthy or EndpointHealth.Unknown)))
        {
            EndOutageLocked(now);
        }
    }

    // After an outage of all endpoints, one success says nothing about the others. Each of them gets a trial at once: otherwise the one that answered
    // first would get all the traffic until the ejections of the others end. An endpoint that the client does not use now, or that has left, may return.
    private void EndOutageLocked(long now)
    {
        if (!Array.Exists(membership.Listed, IsSuspect) && !membership.Leaving.Any(IsSuspect))
        {
            return;
        }

        foreach (var endpoint in membership.Listed.Concat(membership.Leaving))
        {
            if (endpoint.Record.IsSuspect)
            {
                endpoint.Record.IsSuspect = false;
                endpoint.Failures.Clear();
            }

            if (endpoint.Record.IsEjected)
            {
                endpoint.Record.Ejection.MakeTrialDue(now);
            }
        }

        static bool IsSuspect(ClusterEndpoint endpoint) => endpoint.Record.IsSuspect;
    }

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

        var failed = verdict is AttemptVerdict.Failure or AttemptVerdict.Refused;
        if (failed || setAside is not null)
        {
            return Eject(endpoint.Record, endpoint, failed ? EjectionReason.TrialFailed : EjectionReason.RetryAfter, setAside, now, settings);
        }

        ejection.AbandonTrial(lease.Started);
        return EjectionChange.None;
    }

    private static bool MayBeTried(EndpointRecord record) => record.IsEjected && record.Health == EndpointHealth.Ejected && !record.IsBarred;

    // The ratio counts all endpoints that are out, whatever the reason. The last available one is never ejected.
    private bool MayEject(ClusterEndpoint endpoint, bool isRefused, OutlierSettings settings, int available)
    {
        var count = membership.Listed.Length;
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

        record.Ejection.IsForServerErrors = reason == EjectionReason.ServerErrors || (reason == EjectionReason.TrialFailed && record.Ejection.IsForServerErrors);
        endpoint.Failures.Clear();
        record.ClearSilence();
        var duration = time.GetElapsedTime(now, record.Ejection.Until);
        record.Ejection.Notice = new EjectionNotice(settings.Describe(reason), time.GetUtcNow() + duration);
        return EjectionChange.Ejected(reason, duration);
    }
}
