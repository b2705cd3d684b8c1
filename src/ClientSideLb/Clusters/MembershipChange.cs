namespace ClientSideLb.Clusters;

/// <summary>What an update has changed in the members of a cluster.</summary>
/// <param name="Leavers">The endpoints that are no longer listed.</param>
/// <param name="Unhealthy">The endpoints that the source says are unhealthy, and did not before.</param>
/// <param name="Healthy">The endpoints that the source no longer says are unhealthy, and that are not for another reason.</param>
internal sealed record MembershipChange(ClusterEndpoint[] Leavers, ClusterEndpoint[] Unhealthy, ClusterEndpoint[] Healthy);
