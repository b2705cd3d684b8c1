namespace ClientSideLb.Requests;

/// <summary>The time limit of one attempt, up to the response's headers.</summary>
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

    /// <summary>Gets the token to send the request with. The caller and the deadline cancel it.</summary>
    internal CancellationToken Token => _either.Token;

    /// <summary>Replaces the cancellation of an attempt that ran out of time by an exception that says so.</summary>
    /// <returns>The new exception, or the same one if the deadline did not cause it.</returns>
    internal Exception Explain(HttpRequestMessage request, Exception exception, CancellationToken caller) =>
        exception is OperationCanceledException && _expired.IsCancellationRequested && !caller.IsCancellationRequested
            ? TimeLimitFailure.Create(request, _timeout, exception)
            : exception;

    /// <summary>
    /// Ends the time limit at the response's headers. The caller can still cancel a request whose content is still being sent.
    /// </summary>
    internal void Stop() => _expired.Dispose();

    public void Dispose()
    {
        _expired.Dispose();
        _either.Dispose();
    }
}
