namespace ClientSideLb.Clusters;

/// <summary>The client and the service that an event is about.</summary>
/// <param name="ClientName">The name of the client.</param>
/// <param name="ShortClientName">The client's name as people read it.</param>
/// <param name="ServiceName">The name of the service, or an empty text for all services of the client.</param>
internal readonly record struct ClusterEventSource(string ClientName, string ShortClientName, string ServiceName)
{
    internal static ClusterEventSource Of(Cluster cluster) => new(cluster.ClientName, cluster.ShortClientName, cluster.ServiceName);
}
