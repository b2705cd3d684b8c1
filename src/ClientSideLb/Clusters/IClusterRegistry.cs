namespace ClientSideLb;

/// <summary>All clusters of the container. It is registered as a singleton.</summary>
public interface IClusterRegistry
{
    /// <summary>
    /// Gets the clusters as they are at this moment. A cluster of static endpoints appears when its client is first created,
    /// one of discovered endpoints with the first request to its service.
    /// </summary>
    IReadOnlyCollection<ICluster> Clusters { get; }
}
