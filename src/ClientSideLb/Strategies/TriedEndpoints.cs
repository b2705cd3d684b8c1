namespace ClientSideLb.Strategies;

/// <summary>
/// The endpoints that failed one request, and those at which attempts of it are under way. The request avoids them. Attempts overlap if the request
/// is hedged, so the type is safe for many threads.
/// </summary>
internal sealed class TriedEndpoints
{
    // The array is replaced as a whole.
    private ClusterEndpoint[] _endpoints;
    private ClusterEndpoint? _latest;

    internal TriedEndpoints(ClusterEndpoint? first = null)
    {
        _endpoints = first is null ? [] : [first];
        _latest = first;
    }

    /// <summary>Gets the endpoint of the latest attempt, whatever its result.</summary>
    internal ClusterEndpoint? Latest => Volatile.Read(ref _latest);

    internal bool Any => Volatile.Read(ref _endpoints).Length > 0;

    internal void Add(ClusterEndpoint endpoint)
    {
        SetLatest(endpoint);
        Change(endpoints => [.. endpoints, endpoint]);
    }

    /// <summary>Forgets an endpoint that answered well: the request may go there again.</summary>
    internal void Remove(ClusterEndpoint endpoint) => Change(endpoints => Array.FindAll(endpoints, other => !ReferenceEquals(other, endpoint)));

    internal bool Contains(ClusterEndpoint endpoint) => Array.IndexOf(Volatile.Read(ref _endpoints), endpoint) >= 0;

    /// <summary>Sets the endpoint that the response came from, if attempts overlapped.</summary>
    internal void SetLatest(ClusterEndpoint endpoint) => Volatile.Write(ref _latest, endpoint);

    /// <summary>Forgets all endpoints, when no other one is left.</summary>
    internal void Clear() => Volatile.Write(ref _endpoints, []);

    private void Change(Func<ClusterEndpoint[], ClusterEndpoint[]> change)
    {
        ClusterEndpoint[] before;
        do
        {
            before = Volatile.Read(ref _endpoints);
        }
        while (Interlocked.CompareExchange(ref _endpoints, change(before), before) != before);
    }
}
