using System.Collections.Immutable;

namespace ClientSideLb.Kubernetes.Slices;

/// <summary>An endpoint of a slice, which is nearly always a pod. Two of the same content are equal.</summary>
/// <param name="Address">The first address. The others mean the same endpoint.</param>
/// <param name="IsReady">Whether it takes new requests.</param>
/// <param name="IsServing">Whether it answers requests, even while it ends.</param>
/// <param name="IsTerminating">Whether it ends.</param>
internal sealed record SliceEndpoint(string Address, bool IsReady, bool IsServing, bool IsTerminating)
{
    /// <summary>Gets the zone that it runs in.</summary>
    internal string? Zone { get; init; }

    /// <summary>Gets the node that it runs on.</summary>
    internal string? NodeName { get; init; }

    /// <summary>Gets the identity of the endpoint's target: the same for the IPv4 and the IPv6 address of one pod.</summary>
    internal string? Target { get; init; }

    /// <summary>Gets the zones whose clients should use it.</summary>
    internal ImmutableArray<string> ForZones { get; init; } = [];

    /// <summary>Gets the nodes whose clients should use it.</summary>
    internal ImmutableArray<string> ForNodes { get; init; } = [];

    public bool Equals(SliceEndpoint? other) =>
        other is not null
        && (Address, IsReady, IsServing, IsTerminating) == (other.Address, other.IsReady, other.IsServing, other.IsTerminating)
        && (Zone, NodeName, Target) == (other.Zone, other.NodeName, other.Target)
        && ForZones.AsSpan().SequenceEqual(other.ForZones.AsSpan())
        && ForNodes.AsSpan().SequenceEqual(other.ForNodes.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Address, IsReady, IsTerminating);
}
