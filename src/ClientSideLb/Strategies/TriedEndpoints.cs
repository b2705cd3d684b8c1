namespace ClientSideLb.Strategies;

/// <summary>The endpoints that one request has been sent to. Attempts of one request may overlap when they are hedged.</summary>
internal sealed class TriedEndpoints(ClusterEndpoint? first = null)
{
    // Nearly every request has one attempt and needs no array. Adding to the array replaces it as a whole, so readers need no lock.
    private ClusterEndpoint? _first = first;
    private ClusterEndpoint[] _later = [];
    private ClusterEndpoint? _winner;

    /// <summary>Gets the endpoint of the latest attempt, or of the attempt that won if attempts overlapped.</summary>
    internal ClusterEndpoint? Latest => Volatile.Read(ref _winner) ?? Last;

    private ClusterEndpoint? Last => Volatile.Read(ref _later) is [.., var last] ? last : Volatile.Read(ref _first);

    internal bool Any => Volatile.Read(ref _first) is not null;

    internal void Add(ClusterEndpoint endpoint)
    {
        if (Interlocked.CompareExchange(ref _first, endpoint, null) is null)
        {
            return;
        }

        ClusterEndpoint[] later;
        do
        {
            later = Volatile.Read(ref _later);
        }
        while (Interlocked.CompareExchange(ref _later, [.. later, endpoint], later) != later);
    }

    internal bool Contains(ClusterEndpoint endpoint) =>
        ReferenceEquals(Volatile.Read(ref _first), endpoint) || Array.IndexOf(Volatile.Read(ref _later), endpoint) >= 0;

    /// <summary>Sets the endpoint that gave the response, if attempts overlapped.</summary>
    internal void SetLatest(ClusterEndpoint endpoint) => Volatile.Write(ref _winner, endpoint);

    /// <summary>Removes all endpoints. Called when no untried endpoint is left.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _later, []);
        Volatile.Write(ref _first, null);
    }
}
