namespace ClientSideLb;

/// <summary>All clusters of the container. It is registered as a singleton.</summary>
public interface IClusterRegistry
{
    /// <summary>
    /// Gets the clusters at this moment. A cluster of static endpoints appears when its client is first created. A cluster of discovered
    /// endpoints appears with the first request to its service, or when the host starts if its probes are enabled.
    /// </summary>
    IReadOnlyCollection<ICluster> Clusters { get; }
}
