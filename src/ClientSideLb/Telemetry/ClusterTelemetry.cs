using ClientSideLb.Clusters;
using ClientSideLb.Endpoints;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Telemetry;

/// <summary>Writes log messages and metrics about what happens in clusters.</summary>
internal sealed class ClusterTelemetry(ILogger logger, LoadBalancingMetrics metrics) : IClusterListener
{
    public void OnEndpointsChanged(Cluster cluster, MembershipChange change)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        if (change.Came.Length > 0 || change.Went.Length > 0)
        {
            logger.EndpointsChanged(
                cluster.ShortClientName, cluster.ServiceName, change.Count, EndpointList.Describe(change.Came), EndpointList.Describe(change.Went));
        }

        if (change.DescribeAlterations() is { } alterations)
        {
            logger.EndpointsAltered(cluster.ShortClientName, cluster.ServiceName, alterations);
        }
    }

    public void OnSubsetChanged(Cluster cluster, int used, int listed) => logger.SubsetChanged(cluster.ShortClientName, cluster.ServiceName, used, listed);

    public void OnDrained(Cluster cluster, ClusterEndpoint endpoint) => logger.DrainBegan(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key);

    public void OnResumed(Cluster cluster, ClusterEndpoint endpoint) => logger.Resumed(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key);

    public void OnEjected(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason, string description, TimeSpan duration)
    {
        // The metric comes first: a log sink that throws must not keep the ejection from being counted.
        metrics.RecordEjection(cluster, endpoint, reason);
        if (reason == EjectionReason.Rejected)
        {
            // A spent quota is no fault, and may happen every minute.
            logger.SetAside(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key, DurationText.Of(duration), description);
        }
        else
        {
            logger.Ejected(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key, DurationText.Of(duration), description);
        }
    }

    public void OnReturned(Cluster cluster, ClusterEndpoint endpoint, string reason) => logger.Returned(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key, reason);

    public void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) =>
        logger.Unhealthy(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key, reason);

    public void OnHealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) =>
        logger.Healthy(cluster.ShortClientName, cluster.ServiceName, endpoint.Location.Key, reason);

    public void OnPanicBegan(Cluster cluster, int available, int count) => logger.PanicBegan(cluster.ShortClientName, cluster.ServiceName, available, count);

    public void OnPanicEnded(Cluster cluster, int available, int count) => logger.PanicEnded(cluster.ShortClientName, cluster.ServiceName, available, count);

    public void OnLevelsChanged(Cluster cluster, IReadOnlyList<ClusterLevel> levels)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var first = levels[0];
        if (first.Share < 1)
        {
            logger.SpillOver(cluster.ShortClientName, cluster.ServiceName, LevelText.DescribeShares(levels), LevelText.DescribeAvailability(levels));
        }
        else
        {
            logger.SpillOverEnded(cluster.ShortClientName, cluster.ServiceName, LevelText.Name(first, levels), first.Available, first.Endpoints.Count);
        }
    }

    public void OnStrategyFailed(Cluster cluster, Exception failure) =>
        logger.StrategyFailed(failure, cluster.ShortClientName, cluster.ServiceName, cluster.Strategy);

    public void OnResultNotObserved(Cluster cluster, Exception failure) =>
        logger.ResultNotObserved(failure, cluster.ShortClientName, cluster.ServiceName, cluster.Strategy);

    public void OnChangeCallbackFailed(Cluster cluster, Exception failure) =>
        logger.ChangeCallbackFailed(failure, cluster.ShortClientName, cluster.ServiceName);

    public void OnPickersMade(Cluster cluster, TimeSpan duration) => metrics.RecordSnapshotBuild(cluster, duration);
}
