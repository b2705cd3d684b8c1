namespace ClientSideLb.Endpoints;

/// <summary>Counts the endpoints of a cluster that have a penalty. While none has one, a pick need not look at any penalty.</summary>
internal sealed class PenaltyCount
{
    /// <summary>The count of the endpoints that belong to no cluster.</summary>
    internal static readonly PenaltyCount Standalone = new();

    private int _active;

    /// <summary>Gets a value indicating whether any endpoint has a penalty.</summary>
    internal bool IsAny => Volatile.Read(ref _active) != 0;

    internal void Add() => Interlocked.Increment(ref _active);

    internal void Remove() => Interlocked.Decrement(ref _active);

    /// <summary>Gets the count that all endpoints share. If they do not belong to one cluster, the result makes each pick look.</summary>
    internal static PenaltyCount Of(ClusterEndpoint[] endpoints)
    {
        if (endpoints.Length > 0 && Array.TrueForAll(endpoints, endpoint => ReferenceEquals(endpoint.LoadPenalty.Count, endpoints[0].LoadPenalty.Count)))
        {
            return endpoints[0].LoadPenalty.Count;
        }

        var always = new PenaltyCount();
        always.Add();
        return always;
    }
}
