namespace ClientSideLb;

/// <summary>All that the page shows.</summary>
/// <param name="Time">When it was so.</param>
/// <param name="Clusters">The clusters, in the order of their clients and services.</param>
internal sealed record LoadBalancingStatus(DateTimeOffset Time, IReadOnlyList<ClusterStatus> Clusters)
{
    /// <summary>Gets what lets the page change something, where it may.</summary>
    public ChangeToken? Changes { get; init; }
}
