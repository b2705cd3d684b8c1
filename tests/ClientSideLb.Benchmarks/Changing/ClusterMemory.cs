namespace ClientSideLb.Benchmarks.Changing;

/// <summary>What a cluster keeps in memory.</summary>
internal static class ClusterMemory
{
    /// <summary>Measures the bytes that are reachable through a cluster, for each of its endpoints: addresses, state, and what the strategy computed.</summary>
    internal static double PerEndpoint(string strategy, int endpoints)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var cluster = Clusters.Create(strategy);
        cluster.Update(Clusters.Listed(strategy, endpoints));
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(cluster);
        return (after - before) / (double)endpoints;
    }
}
