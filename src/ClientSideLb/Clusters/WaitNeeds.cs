using System.Runtime.CompilerServices;
using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>Which endpoints a waiting request can take. If one of the requests with equal needs finds no room, none of them does.</summary>
internal sealed class WaitNeeds : IEquatable<WaitNeeds>
{
    private readonly bool _httpsOnly;
    private readonly ClusterEndpoint[] _tried;

    /// <param name="httpsOnly">Whether the request must not be sent over plain http.</param>
    /// <param name="tried">The endpoints that the request has been sent to.</param>
    /// <param name="owner">The endpoint that the request waits for, or <see langword="null"/> if it takes any, or if its owner is not known.</param>
    private WaitNeeds(bool httpsOnly, ClusterEndpoint[] tried, ClusterEndpoint? owner)
    {
        _httpsOnly = httpsOnly;
        _tried = tried;
        Owner = owner;
    }

    internal ClusterEndpoint? Owner { get; }

    internal static WaitNeeds Of(EndpointNeeds needs, TriedEndpoints? tried) => new(needs.HttpsOnly, tried?.ToArray() ?? [], owner: null);

    /// <summary>Makes the same needs with another owner.</summary>
    internal WaitNeeds WithOwner(ClusterEndpoint? owner) => ReferenceEquals(owner, Owner) ? this : new WaitNeeds(_httpsOnly, _tried, owner);

    // The order in which the endpoints were tried does not matter.
    public bool Equals(WaitNeeds? other) =>
        other is not null
        && _httpsOnly == other._httpsOnly
        && ReferenceEquals(Owner, other.Owner)
        && _tried.Length == other._tried.Length
        && Array.TrueForAll(_tried, other._tried.Contains);

    public override bool Equals(object? obj) => Equals(obj as WaitNeeds);

    public override int GetHashCode() =>
        _tried.Aggregate(HashCode.Combine(_httpsOnly, Owner is null ? 0 : RuntimeHelpers.GetHashCode(Owner)), static (hash, endpoint) => hash ^ RuntimeHelpers.GetHashCode(endpoint));
}
