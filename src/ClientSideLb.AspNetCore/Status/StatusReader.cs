using System.Globalization;
using ClientSideLb.AspNetCore.Traffic;

namespace ClientSideLb.AspNetCore.Status;

/// <summary>Reads the state of all clusters and combines it with the traffic of their endpoints.</summary>
internal sealed class StatusReader(IClusterRegistry registry, TrafficMonitor traffic, TimeProvider time)
{
    // These strategies ignore weights.
    private static readonly string[] Unweighted = [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.IpHash];

    /// <summary>Reads all clusters, in the order of their clients and services.</summary>
    internal IReadOnlyList<ClusterStatus> ReadClusters()
    {
        var now = traffic.CurrentSecond;
        return
        [
            .. registry.Clusters
                .OrderBy(static cluster => cluster.ClientName, StringComparer.Ordinal)
                .ThenBy(static cluster => cluster.ServiceName, StringComparer.Ordinal)
                .GroupBy(static cluster => (cluster.ClientName, cluster.ServiceName))
                .SelectMany(same => same.Select((cluster, index) => ReadCluster(cluster, index, now))),
        ];
    }

    private ClusterStatus ReadCluster(ICluster cluster, int index, long now)
    {
        var rows = cluster.Endpoints
            .Select(endpoint => (Endpoint: endpoint, Name: EndpointName.Format(endpoint)))
            .OrderBy(static row => row.Name, StringComparer.Ordinal)
            .Select(row => (row.Endpoint, row.Name, Traffic: traffic.Read(cluster.ClientName, cluster.ServiceName, row.Name, now)))
            .ToList();
        var attempts = rows.Sum(static row => row.Traffic.Attempts);
        var weights = rows.Sum(row => GetWeight(row.Endpoint, cluster));
        return new ClusterStatus(
            string.Create(CultureInfo.InvariantCulture, $"{cluster.ClientName}|{cluster.ServiceName}|{index}"),
            cluster.ClientName,
            cluster.ServiceName,
            cluster.Strategy,
            cluster.InPanic,
            rows.Count(static row => row.Endpoint.IsAvailable),
            GetRate(attempts),
            [.. rows.Select(row => ReadEndpoint(row.Endpoint, row.Name, row.Traffic, attempts, GetWeight(row.Endpoint, cluster), weights))]);
    }

    private EndpointStatus ReadEndpoint(ClusterEndpoint endpoint, string name, TrafficSummary traffic, int attempts, int weight, int weights) => new(
        name,
        endpoint.Zone,
        endpoint.Health.ToString(),
        endpoint.HealthReason,
        endpoint.IsAvailable,
        endpoint.Weight,
        endpoint.InFlight,
        GetRate(traffic.Attempts),
        Divide(traffic.Attempts, attempts),
        weight > 0 ? Divide(weight, weights) : null,
        traffic.Median?.TotalMilliseconds,
        traffic.Percentile99?.TotalMilliseconds,
        Divide(traffic.Failures, traffic.Attempts),
        endpoint.Health == EndpointHealth.Ejected && endpoint.EjectedUntil is { } until ? Math.Max(0, (until - time.GetUtcNow()).TotalSeconds) : null,
        traffic.History);

    // The weight by which the cluster's strategy shares out requests; 0 for an endpoint that gets none.
    private static int GetWeight(ClusterEndpoint endpoint, ICluster cluster)
    {
        var getsRequests = cluster.InPanic ? endpoint.Health != EndpointHealth.Draining : endpoint.IsAvailable;
        return !getsRequests ? 0 : Unweighted.Contains(cluster.Strategy) ? 1 : endpoint.Weight;
    }

    private static double GetRate(int attempts) => (double)attempts / EndpointTraffic.Window;

    private static double? Divide(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
