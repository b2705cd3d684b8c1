using System.Globalization;
using ClientSideLb.AspNetCore.Traffic;

namespace ClientSideLb.AspNetCore.Status;

/// <summary>Reads the state of all clusters and combines it with the traffic of their endpoints.</summary>
internal sealed class StatusReader(IClusterRegistry registry, TrafficMonitor traffic, TimeProvider time)
{
    // A client that visits many hosts must not fill the page.
    private const int MaxUnknownServices = 20;

    // Only the reason distinguishes a drain by hand, which an operator can end, from one by service discovery. A test covers both.
    private const string DrainedBySource = "service discovery drains it";

    // These strategies ignore weights.
    private static readonly string[] Unweighted = [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.IpHash];

    /// <summary>Reads all clusters, in the order of their clients and services.</summary>
    internal IReadOnlyList<ClusterStatus> ReadClusters()
    {
        var clock = traffic.ReadClock();
        return
        [
            .. registry.Clusters
                .OrderBy(static cluster => cluster.ClientName, StringComparer.Ordinal)
                .ThenBy(static cluster => cluster.ServiceName, StringComparer.Ordinal)
                .GroupBy(static cluster => (cluster.ClientName, cluster.ServiceName))
                .SelectMany(same => same.Select((cluster, index) => ReadCluster(cluster, index, clock.Second, clock.WindowLength))),
        ];
    }

    /// <summary>Reads the names that no provider of service discovery knows.</summary>
    internal UnknownServicesStatus ReadUnknownServices()
    {
        var unknown = registry.UnknownServices;
        return new UnknownServicesStatus(
            [
                .. unknown
                    .OrderBy(static service => service.ClientName, StringComparer.Ordinal)
                    .ThenBy(static service => service.ServiceName, StringComparer.Ordinal)
                    .Take(MaxUnknownServices)
                    .Select(static service => new UnknownServiceStatus(service.ShortClientName, service.ServiceName, service.IsRefused)),
            ],
            Math.Max(0, unknown.Count - MaxUnknownServices));
    }

    /// <summary>Reads the last events of all clusters, the latest first.</summary>
    internal IReadOnlyList<EventStatus> ReadEvents() => [.. registry.RecentEvents.Select(EventStatus.Of)];

    private ClusterStatus ReadCluster(ICluster cluster, int index, long now, double windowLength)
    {
        var inPanic = cluster.InPanic;
        var rows = cluster.Endpoints
            .Select(endpoint => (Endpoint: endpoint, Name: endpoint.ToString()))
            .OrderBy(static row => row.Name, StringComparer.Ordinal)
            .Select(row => ReadEndpoint(row.Endpoint, row.Name))
            .ToList();
        var attempts = rows.Sum(static row => row.Traffic.Attempts);
        var levels = cluster.Levels;
        var fairShares = ComputeFairShares(levels, rows);
        var used = levels.Sum(static level => level.Endpoints.Count);
        if (levels.Count == 1)
        {
            levels = [];
        }

        var levelOf = levels.Index().SelectMany(static level => level.Item.Endpoints.Select(endpoint => (endpoint, level.Index))).ToDictionary();
        return new ClusterStatus(
            string.Create(CultureInfo.InvariantCulture, $"{cluster.ClientName}|{cluster.ServiceName}|{index}"),
            cluster.ClientName,
            cluster.ShortClientName,
            cluster.ServiceName,
            cluster.Strategy,
            inPanic,
            rows.Count(static row => row.State.IsAvailable),
            used,
            cluster.ListedEndpointCount,
            cluster.QueuedCount,
            attempts / windowLength,
            [.. levels.Select(LevelStatus.Of)],
            [.. rows.Select(CreateRowStatus).OrderBy(static endpoint => endpoint.Level ?? int.MaxValue)]);

        EndpointStatus CreateRowStatus(Row row) => CreateStatus(
            row,
            levelOf.TryGetValue(row.Endpoint, out var level) ? level : null,
            cluster.GetLatencyEstimate(row.Endpoint),
            attempts,
            fairShares.TryGetValue(row.Endpoint, out var share) ? share : null,
            windowLength);

        Row ReadEndpoint(ClusterEndpoint endpoint, string name)
        {
            // The state is read before the traffic, so the traffic includes the attempts that led to the state.
            var (state, weight) = (endpoint.State, endpoint.Weight);
            var getsRequests = inPanic ? state.Health != EndpointHealth.Draining && !state.IsRejecting : state.IsAvailable;
            var sharingWeight = !getsRequests ? 0 : Unweighted.Contains(cluster.Strategy) ? 1 : weight;
            return new Row(endpoint, name, state, weight, sharingWeight, traffic.Read(cluster.ShortClientName, cluster.ServiceName, name, now));
        }
    }

    // Each level gets its share of the requests, and its endpoints share that by their weights. An endpoint without requests has no fair share.
    private static Dictionary<ClusterEndpoint, double?> ComputeFairShares(IReadOnlyList<ClusterLevel> levels, List<Row> rows)
    {
        var levelOf = levels.SelectMany(static level => level.Endpoints.Select(endpoint => (endpoint, level))).ToDictionary();
        var shares = new Dictionary<ClusterEndpoint, double?>();
        foreach (var same in rows.Where(static row => row.SharingWeight > 0).GroupBy(row => levelOf.GetValueOrDefault(row.Endpoint)))
        {
            var weights = same.Sum(static row => row.SharingWeight);
            foreach (var row in same)
            {
                shares[row.Endpoint] = (same.Key?.Share ?? 1) * row.SharingWeight / weights;
            }
        }

        return shares;
    }

    private EndpointStatus CreateStatus(Row row, int? level, TimeSpan? estimate, int attempts, double? fairShare, double windowLength) => new(
        row.Name,
        row.Endpoint.Zone,
        row.Endpoint.Priority,
        level,
        row.State.Health.ToString(),
        row.State.HealthReason,
        row.Weight > 0 && row.State.HealthReason != DrainedBySource,
        row.State.IsAvailable,
        row.Weight,
        row.Endpoint.InFlight,
        row.Endpoint.Limit,
        row.Endpoint.Penalty,
        estimate?.TotalMilliseconds,
        row.Traffic.Attempts / windowLength,
        Divide(row.Traffic.Attempts, attempts),
        fairShare,
        row.Traffic.Median?.TotalMilliseconds,
        row.Traffic.Percentile99?.TotalMilliseconds,
        Divide(row.Traffic.Failures, row.Traffic.Attempts),
        row.State.EjectedUntil is { } until ? Math.Max(0, (until - time.GetUtcNow()).TotalSeconds) : null,
        row.Traffic.History);

    private static double? Divide(int part, int whole) => whole == 0 ? null : (double)part / whole;

    /// <summary>One reading of an endpoint.</summary>
    /// <param name="Endpoint">The endpoint.</param>
    /// <param name="Name">Its address as metrics and the page show it, so that the page finds its traffic by it.</param>
    /// <param name="State">Its state. All that the row says about its health comes from this one state.</param>
    /// <param name="Weight">Its configured weight.</param>
    /// <param name="SharingWeight">The weight by which the cluster's strategy shares out requests; 0 for an endpoint that gets none.</param>
    /// <param name="Traffic">Its recent traffic.</param>
    private sealed record Row(ClusterEndpoint Endpoint, string Name, EndpointState State, int Weight, int SharingWeight, TrafficSummary Traffic);
}
