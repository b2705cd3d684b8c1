using ClientSideLb.Clusters;
using ClientSideLb.Endpoints;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Telemetry;

/// <summary>Writes log messages and metrics about what happens in clusters.</summary>
internal sealed class ClusterTelemetry(ILogger logger, LoadBalancingMetrics metrics) : IClusterListener
{
    public void OnEndpointsChanged(Cluster cluster, int count, int leaving) =>
        logger.EndpointsChanged(cluster.ClientName, cluster.ServiceName, count, leaving);

    public void OnSubsetChanged(Cluster cluster, int used, int listed) => logger.SubsetChanged(cluster.ClientName, cluster.ServiceName, used, listed);

    public void OnDrained(Cluster cluster, ClusterEndpoint endpoint) => logger.DrainBegan(cluster.ClientName, cluster.ServiceName, endpoint.Address);

    public void OnResumed(Cluster cluster, ClusterEndpoint endpoint) => logger.Resumed(cluster.ClientName, cluster.ServiceName, endpoint.Address);

    public void OnEjected(Cluster cluster, ClusterEndpoint endpoint, EjectionReason reason, string description, TimeSpan duration)
    {
        // The metric comes first: a log sink that throws must not keep the ejection from being counted.
        metrics.RecordEjection(cluster, endpoint, reason);
        if (reason == EjectionReason.Rejected)
        {
            // A spent quota is no fault, and may happen every minute.
            logger.SetAside(cluster.ClientName, cluster.ServiceName, endpoint.Address, duration, description);
        }
        else
        {
            logger.Ejected(cluster.ClientName, cluster.ServiceName, endpoint.Address, duration, description);
        }
    }

    public void OnReturned(Cluster cluster, ClusterEndpoint endpoint) => logger.Returned(cluster.ClientName, cluster.ServiceName, endpoint.Address);

    public void OnUnhealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) =>
        logger.Unhealthy(cluster.ClientName, cluster.ServiceName, endpoint.Address, reason);

    public void OnHealthy(Cluster cluster, ClusterEndpoint endpoint, string reason) =>
        logger.Healthy(cluster.ClientName, cluster.ServiceName, endpoint.Address, reason);

    public void OnPanicBegan(Cluster cluster, int available, int count) => logger.PanicBegan(cluster.ClientName, cluster.ServiceName, available, count);

    public void OnPanicEnded(Cluster cluster, int available, int count) => logger.PanicEnded(cluster.ClientName, cluster.ServiceName, available, count);

    public void OnLevelsChanged(Cluster cluster, IReadOnlyList<ClusterLevel> levels)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var first = levels[0];
        if (first.Share < 1)
        {
            logger.SpillOver(cluster.ClientName, cluster.ServiceName, LevelText.DescribeShares(levels), LevelText.DescribeAvailability(levels));
        }
        else
        {
            logger.SpillOverEnded(cluster.ClientName, cluster.ServiceName, LevelText.Name(first, levels), first.Available, first.Endpoints.Count);
        }
    }

    public void OnStrategyFailed(Cluster cluster, Exception failure) =>
        logger.StrategyFailed(failure, cluster.ClientName, cluster.ServiceName, cluster.Strategy);

    public void OnResultNotObserved(Cluster cluster, Exception failure) =>
        logger.ResultNotObserved(failure, cluster.ClientName, cluster.ServiceName, cluster.Strategy);

    public void OnPickersMade(Cluster cluster, TimeSpan duration) => metrics.RecordSnapshotBuild(cluster, duration);
}
