namespace ClientSideLb.Clusters;

/// <summary>The endpoints of a cluster that are used before those of the next level: those of one priority, and of these the local ones first.</summary>
/// <param name="Priority">The priority. 0 is used first.</param>
/// <param name="IsLocal">Whether the endpoints are those in the client's zone.</param>
/// <param name="Endpoints">The endpoints, in the order of the cluster's. The array is the same object until one of them changes.</param>
/// <param name="Places">The index of each of the endpoints among those of the cluster.</param>
internal sealed record Level(int Priority, bool IsLocal, ClusterEndpoint[] Endpoints, int[] Places)
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
        foreach (var priority in Enumerable.Range(0, endpoints.Length).GroupBy(place => endpoints[place].Priority).OrderBy(static group => group.Key))
        {
            int[] local = zone is null ? [] : [.. priority.Where(place => endpoints[place].Zone == zone)];
            int[] others = local.Length == 0 ? [.. priority] : [.. priority.Where(place => endpoints[place].Zone != zone)];
            if (local.Length > 0)
            {
                levels.Add(new Level(priority.Key, IsLocal: true, Array.ConvertAll(local, place => endpoints[place]), local));
            }

            if (others.Length > 0)
            {
                levels.Add(new Level(priority.Key, IsLocal: false, Array.ConvertAll(others, place => endpoints[place]), others));
            }
        }

        return levels.Count > 1 ? [.. levels] : null;
    }

    /// <summary>Finds the endpoints that are available.</summary>
    /// <param name="isAvailable">Whether each endpoint of the cluster is available, or <see langword="null"/> if all are.</param>
    /// <returns>The endpoints. It is the same array as <see cref="Endpoints"/> if all are available.</returns>
    internal ClusterEndpoint[] FindAvailable(bool[]? isAvailable)
    {
        var count = isAvailable is null ? Places.Length : Places.Count(place => isAvailable[place]);
        if (count == Places.Length)
        {
            return Endpoints;
        }

        var available = new ClusterEndpoint[count];
        var next = 0;
        for (var i = 0; i < Places.Length && next < count; i++)
        {
            if (isAvailable![Places[i]])
            {
                available[next++] = Endpoints[i];
            }
        }

        return available;
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
