using ClientSideLb.Benchmarks.Picking;

namespace ClientSideLb.Benchmarks.Contending;

/// <summary>Makes clusters with the default options, in which each endpoint has answered once. Several threads may use them.</summary>
internal static class ClusterInUse
{
    internal static Cluster Create(string strategy, int endpoints)
    {
        var settings = ClusterSettings.Of(new LoadBalancingOptions(), Strategies.Of(strategy), TimeProvider.System);
        var cluster = new Cluster("client", "api", settings, TimeProvider.System, Random.Shared, listeners: []);
        cluster.Update([.. Enumerable.Range(0, endpoints).Select(static i => new EndpointDescription(Pickers.AddressOf(i)))]);
        foreach (var endpoint in cluster.Endpoints)
        {
            var lease = EndpointLease.TryTake(endpoint, TimeProvider.System.GetTimestamp())!;
            cluster.Observe(lease, Pickers.AnswerOf(endpoint, TimeSpan.FromMilliseconds(10)));
            lease.Release();
        }

        return cluster;
    }
}
