using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// One request's place at an endpoint. The request counts as in flight from the pick until the lease is released. Only the first call of
/// <see cref="Release"/> has an effect, so several threads may call it.
/// </summary>
internal sealed class EndpointLease
{
    private bool _released;

    /// <summary>Takes a place at an endpoint. From here on the request counts as in flight.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="started">The timestamp of the pick.</param>
    /// <param name="isTrial">Whether this request is the trial of an ejected endpoint. If it succeeds, the endpoint returns.</param>
    /// <param name="isPicked">Whether the strategy's picker chose the endpoint.</param>
    /// <param name="httpsOnly">Whether the request was limited to https endpoints.</param>
    internal EndpointLease(ClusterEndpoint endpoint, long started, bool isTrial = false, bool isPicked = false, bool httpsOnly = false)
    {
        Endpoint = endpoint;
        Started = started;
        IsTrial = isTrial;
        IsPicked = isPicked;
        HttpsOnly = httpsOnly;
        AnswersBefore = endpoint.Failures.Answers;
        endpoint.AddInFlight();
    }

    internal ClusterEndpoint Endpoint { get; }

    internal long Started { get; }

    internal bool IsTrial { get; }

    internal bool IsPicked { get; }

    internal bool HttpsOnly { get; }

    /// <summary>Gets the endpoint's <see cref="FailureTracker.Answers"/> at the time of the pick.</summary>
    internal int AnswersBefore { get; }

    /// <summary>Gets or sets an object that is disposed when the lease ends. It is set before the lease is shared.</summary>
    [SuppressMessage("Performance", "CA1859", Justification = "The type that is assigned belongs to a layer above.")]
    internal IDisposable? Resource { private get; set; }

    /// <summary>Gives the place back.</summary>
    /// <returns>Whether this was the first call.</returns>
    internal bool Release()
    {
        // The end of a body, its disposal and the disposal of its response all call this. The read avoids the interlocked operation for the
        // later calls.
        if (Volatile.Read(ref _released) || Interlocked.Exchange(ref _released, true))
        {
            return false;
        }

        Endpoint.RemoveInFlight();
        Resource?.Dispose();
        return true;
    }
}
