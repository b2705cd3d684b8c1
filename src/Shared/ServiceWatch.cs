namespace ClientSideLb.Shared;

/// <summary>
/// Follows one service from the first question until it is disposed. All queries before the first answer wait for the same attempt. After that
/// an answer is always there at once, and the last state stays while the source fails. Thread-safe.
/// </summary>
/// <param name="name">The service.</param>
/// <param name="shortestPause">The least time between two attempts, regardless of the number of queries.</param>
/// <param name="time">The clock.</param>
internal abstract class ServiceWatch<TName, TState>(TName name, TimeSpan shortestPause, TimeProvider time) : IAsyncDisposable
    where TState : class, IServiceState
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private readonly Lock _publishing = new();
    private Task? _run;
    private Published<TState>? _latest;
    private TaskCompletionSource<Published<TState>> _attempt = NewAttempt();
    private TaskCompletionSource _asked = NewSignal();

    internal TName Name { get; } = name;

    /// <summary>Gets the latest state, or <see langword="null"/> if there was none yet.</summary>
    internal TState? Latest => Volatile.Read(ref _latest)?.State;

    protected TimeProvider Time { get; } = time;

    /// <summary>Gets the latest state. The first time, it waits for the answer of the source.</summary>
    /// <exception cref="Exception">There is no state yet, and the attempt to get one failed.</exception>
    internal async Task<Published<TState>> GetStateAsync(CancellationToken cancellationToken)
    {
        Start();
        var attempt = Volatile.Read(ref _attempt);
        if (Volatile.Read(ref _latest) is { } latest)
        {
            return latest;
        }

        // The query should not wait for the end of a pause between two attempts.
        Volatile.Read(ref _asked).TrySetResult();
        return await attempt.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the watch, and waits until nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Start();
        await _run!.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Follows the service for a while. It is called again when it ends.</summary>
    protected abstract Task FollowAsync(CancellationToken cancellationToken);

    /// <summary>Deals with a failure of <see cref="FollowAsync"/>.</summary>
    protected abstract Task RecoverAsync(Exception failure, CancellationToken cancellationToken);

    /// <summary>Tells whether two states give the same answer to queries.</summary>
    protected abstract bool IsSame(TState one, TState other);

    /// <summary>Makes a state the latest one, unless it is the same.</summary>
    /// <returns>Whether it is a new one.</returns>
    protected bool Publish(TState state)
    {
        Published<TState>? previous;
        var published = new Published<TState>(state);
        lock (_publishing)
        {
            previous = _latest;
            if (previous is not null && IsSame(previous.State, state))
            {
                return false;
            }

            Volatile.Write(ref _latest, published);
        }

        previous?.ReportChange();
        Volatile.Read(ref _attempt).TrySetResult(published);
        return true;
    }

    /// <summary>Ends the attempt that others wait for, if there is no state, and waits. Another question ends the pause early.</summary>
    protected async Task FailAndPauseAsync(Exception failure, TimeSpan pause, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _asked, NewSignal());
        if (Latest is null)
        {
            Fail(Interlocked.Exchange(ref _attempt, NewAttempt()), failure);
        }

        await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
    }

    protected async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var least = pause < shortestPause ? pause : shortestPause;
        await Task.Delay(least, Time, cancellationToken).ConfigureAwait(false);
        if (pause > least)
        {
            using var asked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Volatile.Read(ref _asked).Task, Task.Delay(pause - least, Time, asked.Token)).ConfigureAwait(false);
            await asked.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource<Published<TState>> NewAttempt() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Fail(TaskCompletionSource<Published<TState>> attempt, Exception failure)
    {
        if (attempt.TrySetException(failure))
        {
            // If no query waits for the attempt, its exception would be reported as unobserved.
            _ = attempt.Task.Exception;
        }
    }

    private void Start()
    {
        if (Volatile.Read(ref _run) is null)
        {
            lock (_starting)
            {
                _run ??= RunInBackground.Start(RunAsync);
            }
        }
    }

    private async Task RunAsync()
    {
        var stopping = _stop.Token;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    await FollowAsync(stopping).ConfigureAwait(false);
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    await RecoverAsync(e, stopping).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The watch is not needed any more.
        }
        finally
        {
            Fail(Volatile.Read(ref _attempt), new ObjectDisposedException(GetType().Name, $"The watch of '{Name}' has ended."));
        }
    }
}
