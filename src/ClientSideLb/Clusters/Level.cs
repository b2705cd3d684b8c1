namespace ClientSideLb.Clusters;

/// <summary>The endpoints of a cluster that are used before those of the next level: those of one priority, and of these the local ones first.</summary>
/// <param name="Priority">The priority. 0 is used first.</param>
/// <param name="IsLocal">Whether the endpoints are those in the client's zone.</param>
/// <param name="Endpoints">The endpoints, in the order of the cluster's. The array is the same object until one of them changes.</param>
internal sealed record Level(int Priority, bool IsLocal, ClusterEndpoint[] Endpoints)
{
    /// <summary>Divides endpoints into levels.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="zone">The client's zone, or <see langword="null"/>. A priority without local endpoints is one level.</param>
    /// <returns>The levels in the order in which they are used, or <see langword="null"/> if there is only one.</returns>
    internal static Level[]? Divide(ClusterEndpoint[] endpoints, string? zone)
    {
        if (!MayDiffer(endpoints, zone))
        {
            return null;
        }

        var levels = new List<Level>();
        foreach (var priority in endpoints.GroupBy(static endpoint => endpoint.Priority).OrderBy(static group => group.Key))
        {
            ClusterEndpoint[] local = zone is null ? [] : [.. priority.Where(endpoint => endpoint.Zone == zone)];
            ClusterEndpoint[] others = local.Length == 0 ? [.. priority] : [.. priority.Where(endpoint => endpoint.Zone != zone)];
            if (local.Length > 0)
            {
                levels.Add(new Level(priority.Key, IsLocal: true, local));
            }

            if (others.Length > 0)
            {
                levels.Add(new Level(priority.Key, IsLocal: false, others));
            }
        }

        return levels.Count > 1 ? [.. levels] : null;
    }

    // Nearly every cluster has one level.
    private static bool MayDiffer(ClusterEndpoint[] endpoints, string? zone)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Priority != endpoints[0].Priority || (zone is not null && endpoint.Zone == zone))
            {
                return true;
            }
        }

        return false;
    }
}
