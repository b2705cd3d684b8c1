namespace ClientSideLb.Strategies;

/// <summary>
/// The endpoints that failed one request, and those at which attempts of it are under way. The request avoids them. Attempts overlap if the request
/// is hedged, so the type is safe for many threads.
/// </summary>
internal sealed class TriedEndpoints(ClusterEndpoint? first = null)
{
    // Nearly every request has one attempt, which needs no array. The array is replaced as a whole.
    private ClusterEndpoint? _one = first;
    private ClusterEndpoint[] _others = [];
    private ClusterEndpoint? _latest = first;

    /// <summary>Gets the endpoint of the latest attempt, whatever its result.</summary>
    internal ClusterEndpoint? Latest => Volatile.Read(ref _latest);

    internal bool Any => Volatile.Read(ref _one) is not null || Volatile.Read(ref _others).Length > 0;

    internal void Add(ClusterEndpoint endpoint)
    {
        SetLatest(endpoint);
        if (Interlocked.CompareExchange(ref _one, endpoint, null) is null)
        {
            return;
        }

        ClusterEndpoint[] before;
        do
        {
            before = Volatile.Read(ref _others);
        }
        while (Interlocked.CompareExchange(ref _others, [.. before, endpoint], before) != before);
    }

    /// <summary>Forgets an endpoint that answered well: the request may go there again.</summary>
    internal void Remove(ClusterEndpoint endpoint)
    {
        Interlocked.CompareExchange(ref _one, null, endpoint);
        var before = Volatile.Read(ref _others);
        while (Array.IndexOf(before, endpoint) >= 0)
        {
            Interlocked.CompareExchange(ref _others, Array.FindAll(before, other => !ReferenceEquals(other, endpoint)), before);
            before = Volatile.Read(ref _others);
        }
    }

    internal bool Contains(ClusterEndpoint endpoint) =>
        ReferenceEquals(Volatile.Read(ref _one), endpoint) || Array.IndexOf(Volatile.Read(ref _others), endpoint) >= 0;

    /// <summary>Gets the endpoints at this moment.</summary>
    internal ClusterEndpoint[] ToArray() => Volatile.Read(ref _one) is { } one ? [one, .. Volatile.Read(ref _others)] : Volatile.Read(ref _others);

    /// <summary>Sets the endpoint that the response came from, if attempts overlapped.</summary>
    internal void SetLatest(ClusterEndpoint endpoint) => Volatile.Write(ref _latest, endpoint);

    /// <summary>Forgets all endpoints, when no other one is left.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _others, []);
        Volatile.Write(ref _one, null);
    }
}
