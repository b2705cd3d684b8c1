using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>Learns from the results of requests. Nearly all results are counted without a lock; the ones that change an endpoint's state take it.</summary>
internal sealed class ResultObserver(Cluster cluster, ClusterWriter writer)
{
    private ILoadBalancingStrategy? _reportedStrategy;

    /// <summary>Learns from the end of an attempt. It is called once for each lease, at the response's headers or the exception.</summary>
    /// <param name="lease">The attempt's lease.</param>
    /// <param name="result">The result.</param>
    /// <param name="setAside">How long the endpoint asked to be left alone, if it did.</param>
    internal void Observe(EndpointLease lease, in AttemptResult result, TimeSpan? setAside = null)
    {
        var endpoint = lease.Endpoint;
        var view = writer.Snapshots.Latest.GetView(lease.HttpsOnly);
        if (!result.IsTimed && (result.Verdict != AttemptVerdict.Success || view.ObservesResults || endpoint.LatencyEstimate.IsWanted))
        {
            Observe(lease, writer.Clock.AddTime(in result, lease.Started), setAside);
            return;
        }

        if (result.IsTimed)
        {
            ObserveLatency(endpoint, in result);
        }

        var settings = writer.Settings;
        var outlier = OutlierDetector.Count(lease, in result, settings.Outliers);

        // Nearly all results end here. The others change the state of an endpoint.
        var state = endpoint.State;
        var isFirstAnswer = result.Verdict == AttemptVerdict.Success && !state.HasAnswered;
        if (isFirstAnswer || outlier is not null || setAside is not null || lease.IsTrial || (result.Verdict == AttemptVerdict.Success && state.IsEjected))
        {
            Apply(lease, result.Verdict, isFirstAnswer, outlier, setAside);
        }

        if (view.ObservesResults && lease.IsPicked)
        {
            TellPicker(view.Picker, in result);
        }
    }

    /// <summary>Learns how the body of a response ended whose headers were a success. It is called once at most.</summary>
    /// <param name="lease">The lease, which has ended.</param>
    /// <param name="verdict">What the end of the body means for the endpoint.</param>
    internal void ObserveBody(EndpointLease lease, AttemptVerdict verdict)
    {
        if (verdict == AttemptVerdict.Success)
        {
            lease.Endpoint.Failures.ObserveWholeBody();
        }
        else if (verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            && OutlierDetector.CountBrokenBody(lease, writer.Clock.GetTimestamp(), writer.Settings.Outliers) is { } outlier)
        {
            Apply(lease, AttemptVerdict.Failure, isFirstAnswer: false, outlier, setAside: null);
        }
    }

    private static void ObserveLatency(ClusterEndpoint endpoint, in AttemptResult result)
    {
        if (result.Verdict == AttemptVerdict.Success && result.IsAnsweredWithoutServerError)
        {
            endpoint.LatencyEstimate.Add(result.Duration);
        }
        else if (result.Verdict != AttemptVerdict.Neutral)
        {
            endpoint.LatencyEstimate.AddLowerBound(result.Duration, result.HasTimedOut);
        }
    }

    private void Apply(EndpointLease lease, AttemptVerdict verdict, bool isFirstAnswer, EjectionReason? outlier, TimeSpan? setAside)
    {
        var endpoint = lease.Endpoint;
        var now = writer.Clock.GetTimestamp();
        lock (writer.Lock)
        {
            // The trial of an endpoint that is leaving ends as well: it may be listed again before its last request has finished.
            if (!writer.Membership.IsKnownLocked(endpoint))
            {
                return;
            }

            var wasEjected = endpoint.Record.Ejection.IsEjected;
            endpoint.Record.HasAnswered |= isFirstAnswer;
            var change = writer.Outliers.ApplyResultLocked(lease, verdict, outlier, setAside, now, writer.Settings.Outliers, writer.Snapshots.Latest.Availability.Count);
            if (wasEjected != endpoint.Record.Ejection.IsEjected || (isFirstAnswer && writer.Settings.Probes.Enabled))
            {
                writer.PublishLocked();
            }
            else
            {
                writer.Snapshots.ShowLocked(endpoint, endpoint.IsAvailable);
                writer.Outliers.RefreshTrialDueLocked();
            }

            if (change.Reason is { } reason)
            {
                var description = writer.Settings.Outliers.Describe(reason);
                writer.Events.Add(listener => listener.OnEjected(cluster, endpoint, reason, description, change.Duration));
            }
            else if (change.HasReturned)
            {
                writer.Events.Add(listener => listener.OnReturned(cluster, endpoint));
            }
        }

        writer.FinishChange();
    }

    private void TellPicker(EndpointPicker picker, in AttemptResult result)
    {
        try
        {
            picker.OnAttemptEnded(in result);
        }
        catch (Exception failure)
        {
            // A strategy that does not learn must not fail requests. One report is enough.
            var strategy = writer.Settings.Strategy;
            if (!ReferenceEquals(Interlocked.Exchange(ref _reportedStrategy, strategy), strategy))
            {
                writer.Events.Add(listener => listener.OnResultNotObserved(cluster, failure));
                writer.Events.Deliver();
            }
        }
    }
}
