using ClientSideLb.AspNetCore.Status;

namespace ClientSideLb.AspNetCore.Page;

/// <summary>Everything that the page shows at one moment.</summary>
/// <param name="Time">When the clusters were read.</param>
/// <param name="Clusters">The clusters, in the order of their clients and services.</param>
/// <param name="Unknown">The names that no provider of service discovery knows.</param>
/// <param name="Events">The last events of all clusters, the latest first.</param>
/// <param name="Antiforgery">The header that changes must carry, or <see langword="null"/> if the page may change nothing.</param>
internal sealed record PageStatus(
    DateTimeOffset Time,
    IReadOnlyList<ClusterStatus> Clusters,
    UnknownServicesStatus Unknown,
    IReadOnlyList<EventStatus> Events,
    AntiforgeryHeader? Antiforgery)
{
    internal static PageStatus Read(StatusReader reader, TimeProvider time, AntiforgeryHeader? antiforgery) =>
        new(time.GetUtcNow(), reader.ReadClusters(), reader.ReadUnknownServices(), reader.ReadEvents(), antiforgery);
}
