using ClientSideLb.Strategies;

namespace ClientSideLb.Clusters;

/// <summary>One request that waits in a <see cref="RequestQueue"/>, whose lock protects what changes here.</summary>
internal sealed class Waiter
{
    // The request goes on on a thread of its own: the thread that gives it its place has work of its own to do, and may hold a lock.
    private readonly TaskCompletionSource<WaitResult> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestQueue _queue;
    private readonly PickKeys _keys;
    private readonly object _request;
    private readonly TriedEndpoints? _tried;
    private readonly EndpointNeeds _needs;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private EndpointAcquirer? _acquirer;
    private EndpointLease? _lease;
    private Shortage _shortage;

    internal Waiter(RequestQueue queue, PickKeys keys, object request, TriedEndpoints? tried, EndpointNeeds needs)
    {
        _queue = queue;
        _keys = keys;
        _request = request;
        _tried = tried;
        _needs = needs;
    }

    /// <summary>Gets how the wait ends. It fails if the caller cancels, if the strategy throws, and if the container is disposed.</summary>
    internal Task<WaitResult> Ended => _ended.Task;

    /// <summary>Gets or sets the request's place in the order in which all came.</summary>
    internal long Number { get; set; }

    /// <summary>Gets or sets the timestamp at which the wait began.</summary>
    internal long Since { get; set; }

    /// <summary>Gets or sets the line in which the request waits, or <see langword="null"/> if it does not wait any more.</summary>
    internal WaitLine? Line { get; set; }

    internal LinkedListNode<Waiter>? Node { get; set; }

    internal WaitNeeds Needs => WaitNeeds.Of(_needs, _tried);

    /// <summary>Tries to take a lease for the request, in its own execution context: the strategy may ask for the caller's address or for a key.</summary>
    /// <remarks>One thread at a time calls this, and it holds no lock.</remarks>
    internal EndpointLease? TryAcquire(EndpointAcquirer acquirer, out Shortage shortage)
    {
        (_acquirer, _lease) = (acquirer, null);
        if (_context is null)
        {
            TryAcquire();
        }
        else
        {
            ExecutionContext.Run(_context, static waiter => ((Waiter)waiter!).TryAcquire(), this);
        }

        shortage = _shortage;
        return _lease;
    }

    /// <summary>Ends the wait at once, because the caller does not want the answer any more.</summary>
    internal void Cancel(CancellationToken cancellationToken) => _queue.Cancel(this, cancellationToken);

    internal void End(in WaitResult result) => _ended.TrySetResult(result);

    internal void Fail(Exception failure) => _ended.TrySetException(failure);

    internal void SetCanceled(CancellationToken cancellationToken) => _ended.TrySetCanceled(cancellationToken);

    private void TryAcquire() => _lease = _acquirer!.AcquireUntried(_keys, _request, _tried, _needs, out _shortage);
}
