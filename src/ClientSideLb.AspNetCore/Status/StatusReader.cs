using System.Globalization;

namespace ClientSideLb;

/// <summary>Puts together what the clusters know of themselves and what went to their endpoints.</summary>
internal sealed class StatusReader(IClusterRegistry registry, TrafficMonitor traffic, TimeProvider time)
{
    // These do not look at weights.
    private static readonly string[] Unweighted = [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.IpHash];

    internal LoadBalancingStatus Read()
    {
        var now = traffic.Now;
        var clusters = registry.Clusters
            .OrderBy(static cluster => cluster.ClientName, StringComparer.Ordinal)
            .ThenBy(static cluster => cluster.ServiceName, StringComparer.Ordinal)
            .GroupBy(static cluster => (cluster.ClientName, cluster.ServiceName))
            .SelectMany(same => same.Select((cluster, index) => Read(cluster, index, now)));
        return new LoadBalancingStatus(time.GetUtcNow(), [.. clusters]);
    }

    /// <summary>Gets what an endpoint is called, in metrics as on the page.</summary>
    internal static string NameOf(Uri address) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(address.Scheme is "https" or "wss" ? "https" : "http")}://{address.Host}:{address.Port}{address.AbsolutePath.TrimEnd('/')}");

    private ClusterStatus Read(ICluster cluster, int index, long now)
    {
        var rows = cluster.Endpoints
            .Select(endpoint => (Endpoint: endpoint, Name: NameOf(endpoint.Address)))
            .OrderBy(static row => row.Name, StringComparer.Ordinal)
            .Select(row => (row.Endpoint, row.Name, Traffic: traffic.Read(cluster.ClientName, cluster.ServiceName, row.Name, now)))
            .ToList();
        var attempts = rows.Sum(static row => row.Traffic.Attempts);
        var weights = rows.Sum(row => WeightOf(row.Endpoint, cluster));
        return new ClusterStatus(
            string.Create(CultureInfo.InvariantCulture, $"{cluster.ClientName}|{cluster.ServiceName}|{index}"),
            cluster.ClientName,
            cluster.ServiceName,
            cluster.Strategy,
            cluster.InPanic,
            rows.Count(static row => row.Endpoint.IsAvailable),
            PerSecond(attempts),
            [.. rows.Select(row => Read(row.Endpoint, row.Name, row.Traffic, attempts, WeightOf(row.Endpoint, cluster), weights))]);
    }

    private EndpointStatus Read(ClusterEndpoint endpoint, string name, TrafficSummary traffic, int attempts, int weight, int weights) => new(
        name,
        endpoint.Zone,
        endpoint.Health.ToString(),
        endpoint.HealthReason,
        endpoint.IsAvailable,
        endpoint.Weight,
        endpoint.InFlight,
        PerSecond(traffic.Attempts),
        Ratio(traffic.Attempts, attempts),
        weight > 0 ? Ratio(weight, weights) : null,
        traffic.Median?.TotalMilliseconds,
        traffic.Percentile99?.TotalMilliseconds,
        Ratio(traffic.Failures, traffic.Attempts),
        endpoint.Health == EndpointHealth.Ejected && endpoint.EjectedUntil is { } until ? Math.Max(0, (until - time.GetUtcNow()).TotalSeconds) : null,
        traffic.History);

    // What an endpoint counts among those that get requests; 0 where it gets none.
    private static int WeightOf(ClusterEndpoint endpoint, ICluster cluster)
    {
        var getsRequests = cluster.InPanic ? endpoint.Health != EndpointHealth.Draining : endpoint.IsAvailable;
        return !getsRequests ? 0 : Unweighted.Contains(cluster.Strategy) ? 1 : endpoint.Weight;
    }

    private static double PerSecond(int attempts) => (double)attempts / EndpointTraffic.Window;

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
