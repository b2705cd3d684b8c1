namespace ClientSideLb.Clusters;

/// <summary>Applies the results of health probes to the cluster.</summary>
internal sealed class ProbeObserver(Cluster cluster, ClusterWriter writer)
{
    private const string ProbesPass = "its probes pass";

    /// <summary>Applies the result of a probe.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="result">The result.</param>
    /// <param name="started">The timestamp at which the probe was sent.</param>
    internal void Observe(ClusterEndpoint endpoint, HealthProbeResult result, long started)
    {
        lock (writer.Lock)
        {
            if (!writer.Membership.IsListedLocked(endpoint) || !writer.Settings.Probes.Enabled)
            {
                return;
            }

            var record = endpoint.Record;
            var (wasUnhealthy, hadPassed) = (record.Probes.IsUnhealthy, record.Probes.HasPassed);
            record.Probes.Add(result.IsPassed ? null : result.Reason ?? "it failed", writer.Settings.Probes.HealthyThreshold, writer.Settings.Probes.UnhealthyThreshold);
            var isUnhealthy = record.Probes.IsUnhealthy;
            var works = result.IsPassed && !isUnhealthy;
            var isFirstAnswer = works && !record.HasAnswered;
            record.HasAnswered |= works;

            var hasReturned = works && record.IsEjected && started >= record.Ejection.ProbesCountFrom;
            if (hasReturned)
            {
                writer.Outliers.ReturnLocked(endpoint, writer.Clock.GetTimestamp());
            }

            if (wasUnhealthy == isUnhealthy && record.Probes.HasPassed == hadPassed && !isFirstAnswer && !hasReturned)
            {
                return;
            }

            writer.PublishLocked(() => AddEvents(endpoint, wasUnhealthy, hasReturned));
        }

        writer.FinishChange();
    }

    private void AddEvents(ClusterEndpoint endpoint, bool wasUnhealthy, bool hasReturned)
    {
        if (!wasUnhealthy && endpoint.Record.Probes.UnhealthyReason is { } reason)
        {
            writer.Events.Add(listener => listener.OnUnhealthy(cluster, endpoint, reason));
        }
        else if (wasUnhealthy && !endpoint.Record.IsUnhealthy)
        {
            writer.AddHealthy(endpoint, ProbesPass);
        }

        if (hasReturned)
        {
            writer.Events.Add(listener => listener.OnReturned(cluster, endpoint, ProbesPass));
        }
    }
}
