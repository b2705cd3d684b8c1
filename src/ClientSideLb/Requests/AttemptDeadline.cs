using Polly.Timeout;

namespace ClientSideLb.Requests;

/// <summary>The time one attempt has until the response's headers.</summary>
internal sealed class AttemptDeadline : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _expired;
    private readonly CancellationTokenSource _either;

    internal AttemptDeadline(TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        _timeout = timeout;
        _expired = new CancellationTokenSource(timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _expired.Token);
    }

    /// <summary>Gets the token to send with: cancelled by the caller and by the deadline.</summary>
    internal CancellationToken Token => _either.Token;

    /// <summary>Says what a failure was: an attempt that ran out of time is rejected for that, as Polly words it.</summary>
    internal Exception Explain(Exception exception, CancellationToken caller) =>
        exception is OperationCanceledException && _expired.IsCancellationRequested && !caller.IsCancellationRequested
            ? new TimeoutRejectedException($"The endpoint sent no response headers within the attempt timeout of {_timeout}.", _timeout, exception)
            : exception;

    /// <summary>Ends the time limit at the headers. The caller's own cancellation still reaches a request that is still being sent.</summary>
    internal void Stop() => _expired.Dispose();

    public void Dispose()
    {
        _expired.Dispose();
        _either.Dispose();
    }
}
