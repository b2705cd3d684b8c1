namespace ClientSideLb;

/// <summary>
/// One request's place at an endpoint: it counts in flight from the pick until it is released, and is released exactly once
/// however often and from however many threads that is asked for.
/// </summary>
internal sealed class EndpointLease
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private int _released;

    /// <summary>Takes a place at an endpoint; from here on the request counts as in flight.</summary>
    internal EndpointLease(ClusterEndpoint endpoint, TimeProvider time)
    {
        Endpoint = endpoint;
        _time = time;
        endpoint.AddInFlight();
        _started = time.GetTimestamp();
    }

    internal ClusterEndpoint Endpoint { get; }

    /// <summary>Learns from the response's headers.</summary>
    /// <param name="serverError">Whether the endpoint answered with a 5xx status.</param>
    internal void ObserveAnswer(bool serverError)
    {
        Endpoint.ObserveAnswer();
        if (!serverError)
        {
            Endpoint.ObserveLatency(_time.GetElapsedTime(_started));
        }
    }

    internal void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            Endpoint.RemoveInFlight();
        }
    }
}
