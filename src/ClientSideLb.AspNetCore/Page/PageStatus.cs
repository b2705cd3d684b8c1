using ClientSideLb.AspNetCore.Status;

namespace ClientSideLb.AspNetCore.Page;

/// <summary>Everything that the page shows at one moment.</summary>
/// <param name="Time">When the clusters were read.</param>
/// <param name="Clusters">The clusters, in the order of their clients and services.</param>
/// <param name="Antiforgery">The header that changes must carry, or <see langword="null"/> if the page may change nothing.</param>
internal sealed record PageStatus(DateTimeOffset Time, IReadOnlyList<ClusterStatus> Clusters, AntiforgeryHeader? Antiforgery);
