namespace ClientSideLb;

/// <summary>All clusters of the container. It is registered as a singleton.</summary>
public interface IClusterRegistry
{
    /// <summary>
    /// Gets the clusters at this moment. A cluster of static endpoints appears when its client is first created. A cluster of discovered
    /// endpoints appears with the first request to its service, or when the host starts if its probes are enabled. It disappears when no
    /// request has used its service for two minutes (see the remarks of <see cref="ICluster"/>).
    /// </summary>
    IReadOnlyCollection<ICluster> Clusters { get; }

    /// <summary>
    /// Gets the last fifty events of all clusters, the latest first: which endpoints came and went, which were ejected and why, and the like. Events of single
    /// requests are not among them. An event stays after its cluster has gone.
    /// </summary>
    IReadOnlyList<ClusterEvent> RecentEvents => [];

    /// <summary>
    /// Gets the names that clients send requests to and that no provider of service discovery knows. A name disappears when no request has used it
    /// for about a minute, or when a provider knows it. A client that visits many hosts has many of them.
    /// </summary>
    IReadOnlyCollection<UnknownService> UnknownServices { get; }
}
