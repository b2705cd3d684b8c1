using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>Carries the lease of an attempt to the <see cref="RedirectHandler"/> past the handlers in between.</summary>
internal static class AttemptLease
{
    private static readonly HttpRequestOptionsKey<EndpointLease> Key = new("ClientSideLb.Lease");

    internal static void Set(HttpRequestMessage request, EndpointLease lease) => request.Options.Set(Key, lease);

    /// <summary>Finds the lease of the attempt that is under way, or <see langword="null"/> if the request is not balanced.</summary>
    internal static EndpointLease? Find(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var lease) && !lease.HasEndedWait ? lease : null;
}
