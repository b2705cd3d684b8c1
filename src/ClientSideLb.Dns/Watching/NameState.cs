using ClientSideLb.Dns.Lookup;
using ClientSideLb.Shared;

namespace ClientSideLb.Dns.Watching;

/// <summary>The known state of a name at one time. Immutable.</summary>
/// <param name="Endpoints">The endpoints, in a fixed order.</param>
/// <param name="IsKnown">Whether DNS knows the name.</param>
/// <param name="Failure">The reason why nothing is known, or <see langword="null"/>.</param>
internal sealed record NameState(IReadOnlyList<DnsEndpoint> Endpoints, bool IsKnown, string? Failure) : IServiceState
{
    public int EndpointCount => Endpoints.Count;
}
