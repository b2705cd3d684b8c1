using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// One request's place at an endpoint. The request counts as in flight from the pick until the lease is released. Only the first call of
/// <see cref="Release"/> has an effect, so several threads may call it.
/// </summary>
internal sealed class EndpointLease
{
    // Small fields keep the lease small: there is one for each request.
    private volatile Flags _flags;
    private Wait _wait;
    private bool _released;

    private EndpointLease(ClusterEndpoint endpoint, long started, Flags flags)
    {
        Endpoint = endpoint;
        Started = started;
        _flags = flags;
        SignsBefore = endpoint.Failures.UntimedSigns;
    }

    [Flags]
    private enum Flags : byte
    {
        IsTrial = 1,
        IsPicked = 2,
        HttpsOnly = 4,
        HasWaited = 8,
        MayBeQueued = 16,
        IsCallersFault = 32,
    }

    private enum Wait : byte
    {
        NotBegun,
        Waiting,
        Ended,
    }

    internal ClusterEndpoint Endpoint { get; }

    internal long Started { get; }

    internal bool IsTrial => (_flags & Flags.IsTrial) != 0;

    internal bool IsPicked => (_flags & Flags.IsPicked) != 0;

    internal bool HttpsOnly => (_flags & Flags.HttpsOnly) != 0;

    /// <summary>Gets the endpoint's <see cref="FailureTracker.UntimedSigns"/> at the time of the pick.</summary>
    internal int SignsBefore { get; }

    /// <summary>
    /// Gets a value indicating whether the request may wait for another request of this client, and not for the endpoint: the primary handler limits the
    /// connections and the streams on each connection.
    /// </summary>
    internal bool MayBeQueued => (_flags & Flags.MayBeQueued) != 0;

    /// <summary>Gets a value indicating whether the caller's content failed while it was sent. Then the failure of the attempt says nothing about the endpoint.</summary>
    internal bool IsCallersFault => (_flags & Flags.IsCallersFault) != 0;

    /// <summary>Gets a value indicating whether the attempt has ended.</summary>
    internal bool HasEndedWait => _wait == Wait.Ended;

    /// <summary>Gets a value indicating whether the request has waited for the endpoint's headers.</summary>
    internal bool HasWaited => (_flags & Flags.HasWaited) != 0;

    /// <summary>Gets or sets an object that is disposed when the lease ends. It is set before the lease is shared.</summary>
    [SuppressMessage("Performance", "CA1859", Justification = "The type that is assigned belongs to a layer above.")]
    internal IDisposable? Resource { private get; set; }

    /// <summary>Takes a place at an endpoint, if it has room. From here on the request counts as in flight.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="started">The timestamp of the pick.</param>
    /// <param name="isTrial">Whether this request is the trial of an ejected endpoint. If it succeeds, the endpoint returns.</param>
    /// <param name="isPicked">Whether the strategy's picker chose the endpoint.</param>
    /// <param name="httpsOnly">Whether the request was limited to https endpoints.</param>
    /// <returns>The lease, or <see langword="null"/> if the requests in flight have reached the endpoint's limit.</returns>
    internal static EndpointLease? TryTake(ClusterEndpoint endpoint, long started, bool isTrial = false, bool isPicked = false, bool httpsOnly = false) =>
        endpoint.TryAddInFlight()
            ? new EndpointLease(endpoint, started, (isTrial ? Flags.IsTrial : 0) | (isPicked ? Flags.IsPicked : 0) | (httpsOnly ? Flags.HttpsOnly : 0))
            : null;

    /// <summary>Notes that the caller's content failed while it was sent.</summary>
    internal void MarkCallersFault() => _flags |= Flags.IsCallersFault;

    /// <summary>Notes that the request may wait for another request of this client. Call this before it is sent.</summary>
    internal void MarkQueued() => _flags |= Flags.MayBeQueued;

    /// <summary>Notes that the request has left the queue, and begins to wait.</summary>
    internal void LeaveQueue()
    {
        _flags &= ~Flags.MayBeQueued;
        BeginWait();
    }

    /// <summary>Begins to wait for the endpoint's headers. If the request waits already, or has ended, this does nothing.</summary>
    internal void BeginWait()
    {
        if (Interlocked.CompareExchange(ref _wait, Wait.Waiting, Wait.NotBegun) == Wait.NotBegun)
        {
            _flags |= Flags.HasWaited;
            Endpoint.Waits.Begin();
        }
    }

    /// <summary>Ends the wait, because the primary handler has a result. A handler above it may send the request again.</summary>
    internal void PauseWait()
    {
        if (Interlocked.CompareExchange(ref _wait, Wait.NotBegun, Wait.Waiting) == Wait.Waiting)
        {
            Endpoint.Waits.End();
        }
    }

    /// <summary>Ends the wait for good.</summary>
    internal void EndWait()
    {
        if (!HasWaited && !MayBeQueued)
        {
            // The answer was there at once, so nothing else has used the lease.
            _wait = Wait.Ended;
        }
        else if (Interlocked.Exchange(ref _wait, Wait.Ended) == Wait.Waiting)
        {
            Endpoint.Waits.End();
        }
    }

    /// <summary>Counts a sign of life of the endpoint, and looks at the clock for it.</summary>
    internal void ObserveSignOfLife() => Endpoint.Failures.ObserveSignOfLife(Endpoint.Waits.Time.GetTimestamp());

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
