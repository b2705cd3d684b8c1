using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>
/// Applies the results of requests to the cluster. Nearly all results are counted without a lock. Only those that change an endpoint's state
/// take the cluster's lock.
/// </summary>
internal sealed class ResultObserver(Cluster cluster, ClusterWriter writer)
{
    private const int SecondsBetweenOutages = 10;

    private ILoadBalancingStrategy? _reportedStrategy;

    /// <summary>Applies the result of an attempt. Call this once for each lease, at the response's headers or the exception.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="result">The result.</param>
    /// <param name="setAside">How long the endpoint asked to get no requests, if it did.</param>
    internal void Observe(EndpointLease lease, in AttemptResult result, TimeSpan? setAside = null)
    {
        var endpoint = lease.Endpoint;
        var view = writer.Snapshots.Latest.GetView(lease.HttpsOnly);
        var isPenalized = PenaltyRule.AppliesTo(in result);
        if (!result.IsTimed && (isPenalized || endpoint.LoadPenalty.IsActive || result.Verdict != AttemptVerdict.Success || view.ObservesResults || lease.HasWaited || endpoint.AdaptiveLimit is not null || endpoint.LatencyEstimate.IsWanted))
        {
            Observe(lease, writer.Clock.AddTime(in result, lease.Started), setAside);
            return;
        }

        if (result.IsTimed)
        {
            ObserveLatency(lease, in result);
            ObservePenalty(endpoint, in result, isPenalized);
            ObserveLoad(endpoint, in result);
        }

        // The requests that were under way at an endpoint that dies all need a retry at the same time.
        var state = endpoint.State;
        if (result.IsBrokenConnection && state.HasAnswered && endpoint.Failures.TryBeginOutage(result.Timestamp, writer.Clock.FromSeconds(SecondsBetweenOutages)))
        {
            cluster.RetryBudget.Grant(endpoint.InFlight, result.Timestamp);
        }

        if (result.IsRejected && setAside is { } asked)
        {
            writer.Rejections.SetAside(endpoint, asked);
            setAside = null;
        }

        if (setAside is not null && !endpoint.Failures.ObserveRetryAfter())
        {
            // One answer may be about its path or its user. Only the second in a row is about the endpoint.
            setAside = null;
        }

        var settings = writer.Settings;
        var answerBefore = endpoint.Failures.LatestSign;
        var isUnanswered = writer.Counter.IsUnanswered(lease, in result, settings.Outliers) && !writer.Hangs.HasStalledSince(lease.Started, result.Timestamp);
        var isSilent = isUnanswered && writer.Counter.IsSilent(lease, in result, settings.Outliers);
        var outlier = OutlierCounter.Count(lease, in result, isUnanswered, isSilent, settings.Outliers);

        var isServerError = isPenalized && PenaltyRule.IsServerError(in result);
        outlier ??= OutlierCounter.CountAnswer(lease, in result, isServerError, answerBefore, writer.Snapshots.Latest.Members, settings.Outliers);

        // Nearly all results end here. The others change the state of an endpoint.
        var isFirstAnswer = result.Verdict == AttemptVerdict.Success && !state.HasAnswered;
        if (isFirstAnswer || outlier is not null || setAside is not null || lease.IsTrial || (result.Verdict == AttemptVerdict.Success && state.NeedsSuccess))
        {
            Apply(lease, isSilent ? AttemptVerdict.Failure : result.Verdict, isServerError, isFirstAnswer, outlier, setAside);
        }

        if (view.ObservesResults && lease.IsPicked)
        {
            NotifyPicker(view.Picker, in result);
        }
    }

    /// <summary>Applies the end of a response's body, if the headers were a success. Call this at most once for each lease.</summary>
    /// <param name="lease">The lease. It has been released.</param>
    /// <param name="verdict">The verdict on the body.</param>
    /// <param name="stalled">How long the reader had waited for the next bytes when it gave up, in timestamp units.</param>
    internal void ObserveBody(EndpointLease lease, AttemptVerdict verdict, long stalled = 0)
    {
        if (verdict == AttemptVerdict.Success)
        {
            lease.Endpoint.Failures.ObserveWholeBody();
            return;
        }

        var settings = writer.Settings.Outliers;
        var now = writer.Clock.GetTimestamp();
        var hasStalled = verdict == AttemptVerdict.Abandoned
            && stalled > 0
            && writer.Counter.IsStalled(lease.Endpoint, stalled, settings)
            && !writer.Hangs.HasStalledSince(now - stalled, now);
        if ((hasStalled || verdict is AttemptVerdict.Failure or AttemptVerdict.Refused)
            && OutlierCounter.CountBrokenBody(lease, now, settings) is { } outlier)
        {
            Apply(lease, AttemptVerdict.Failure, isServerError: false, isFirstAnswer: false, outlier, setAside: null);
        }
    }

    private static void ObserveLatency(EndpointLease lease, in AttemptResult result)
    {
        var endpoint = lease.Endpoint;
        if (lease.HasWaited && result.Response is not null)
        {
            endpoint.AnswerTimes.Add(result.Duration, result.EndedAt);
        }

        if (result.Verdict == AttemptVerdict.Success && result.IsAnsweredWithoutServerError)
        {
            endpoint.LatencyEstimate.Add(result.Duration);
        }
        else if (result.Verdict != AttemptVerdict.Neutral)
        {
            endpoint.LatencyEstimate.AddLowerBound(result.Duration, result.HasTimedOut);
        }
    }

    private static void ObserveLoad(ClusterEndpoint endpoint, in AttemptResult result)
    {
        if (endpoint.AdaptiveLimit is null)
        {
            return;
        }

        var isDropped = result.HasTimedOut || PenaltyRule.IsOverload(in result);
        if (isDropped || (result.Verdict == AttemptVerdict.Success && result.Response is not null))
        {
            endpoint.AdaptLimit(result.Duration, result.EndedAt, isDropped);
        }
    }

    private static void ObservePenalty(ClusterEndpoint endpoint, in AttemptResult result, bool isPenalized)
    {
        if (isPenalized)
        {
            endpoint.LoadPenalty.AddFailure(result.EndedAt);
        }
        else if (result.Verdict == AttemptVerdict.Success)
        {
            endpoint.LoadPenalty.AddSuccess(result.EndedAt);
        }
    }

    private void Apply(
        EndpointLease lease, AttemptVerdict verdict, bool isServerError, bool isFirstAnswer, EjectionReason? outlier, TimeSpan? setAside)
    {
        var endpoint = lease.Endpoint;
        var now = writer.Clock.GetTimestamp();
        lock (writer.Lock)
        {
            // An endpoint that has left but still finishes its requests is updated, too, because it may be listed again.
            if (!writer.Membership.IsKnownLocked(endpoint))
            {
                return;
            }

            var (wasEjected, wasSuspect) = (endpoint.Record.IsEjected, endpoint.Record.IsSuspect);
            endpoint.Record.HasAnswered |= isFirstAnswer;
            var change = writer.Outliers.ApplyResultLocked(lease, verdict, isServerError, outlier, setAside, now, writer.Settings.Outliers, writer.GetAvailableLocked());
            Action? addEvent =
                change.Reason is { } reason ? () => writer.AddEjected(endpoint, reason, change.Duration) :
                change.HasReturned ? () => writer.Events.Add(listener => listener.OnReturned(cluster, endpoint, "a request succeeded")) :
                null;
            if (wasEjected != endpoint.Record.IsEjected || wasSuspect != endpoint.Record.IsSuspect || (isFirstAnswer && writer.Settings.Probes.Enabled))
            {
                writer.PublishLocked(addEvent);
            }
            else
            {
                writer.Snapshots.ShowLocked(endpoint, endpoint.IsAvailable);
                writer.Outliers.RefreshTrialDueLocked();
                addEvent?.Invoke();
            }
        }

        writer.FinishChange();
    }

    private void NotifyPicker(EndpointPicker picker, in AttemptResult result)
    {
        try
        {
            picker.OnAttemptEnded(in result);
        }
        catch (Exception failure)
        {
            // An exception of the strategy must not fail the request.
            ReportFailure(failure);
        }
    }

    // Only the first exception of each strategy is reported. This is a method of its own, because the compiler would make the closure below for every
    // result.
    private void ReportFailure(Exception failure)
    {
        var strategy = writer.Settings.Strategy;
        if (!ReferenceEquals(Interlocked.Exchange(ref _reportedStrategy, strategy), strategy))
        {
            writer.Events.Add(listener => listener.OnResultNotObserved(cluster, failure));
            writer.Events.Deliver();
        }
    }
}
