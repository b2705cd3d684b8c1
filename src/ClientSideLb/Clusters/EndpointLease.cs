namespace ClientSideLb;

/// <summary>
/// One request's place at an endpoint: it counts in flight from the pick until it is released, and is released exactly once
/// however often and from however many threads that is asked for.
/// </summary>
internal sealed class EndpointLease
{
    private bool _released;

    /// <summary>Takes a place at an endpoint; from here on the request counts as in flight.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="started">The timestamp of the pick.</param>
    /// <param name="isTimed">Whether the answer is to be timed.</param>
    /// <param name="isTrial">Whether this is the one request by which an ejected endpoint may come back.</param>
    internal EndpointLease(ClusterEndpoint endpoint, long started, bool isTimed = false, bool isTrial = false)
    {
        Endpoint = endpoint;
        Started = started;
        IsTimed = isTimed;
        IsTrial = isTrial;
        AnswersBefore = endpoint.Failures.Answers;
        endpoint.AddInFlight();
    }

    internal ClusterEndpoint Endpoint { get; }

    internal long Started { get; }

    internal bool IsTimed { get; }

    internal bool IsTrial { get; }

    /// <summary>Gets the endpoint's <see cref="FailureTracker.Answers"/> as they were at the pick.</summary>
    internal int AnswersBefore { get; }

    /// <summary>Gets or sets what is to be disposed of when the lease ends. It is set before the lease is shared.</summary>
    internal AttemptDeadline? Resource { private get; set; }

    /// <summary>Gives the place back.</summary>
    /// <returns>Whether this was the first call.</returns>
    internal bool Release()
    {
        // A body's end, its disposal and that of its response all ask; a look costs less than an exchange.
        if (Volatile.Read(ref _released) || Interlocked.Exchange(ref _released, true))
        {
            return false;
        }

        Endpoint.RemoveInFlight();
        Resource?.Dispose();
        return true;
    }
}
