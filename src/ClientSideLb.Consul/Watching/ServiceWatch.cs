using ClientSideLb.Consul.Api;
using ClientSideLb.Consul.Instances;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Consul.Watching;

/// <summary>
/// Follows the instances of one service by blocking queries. While Consul does not answer, the last state stays. Thread-safe.
/// </summary>
internal sealed class ServiceWatch : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);

    private readonly ConsulApi _api;
    private readonly ConsulMetrics _metrics;
    private readonly WatchReport _report;
    private readonly Publisher _publisher = new();
    private readonly Backoff _backoff;
    private readonly LoopPace _pace;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly Lazy<Task> _run;
    private TaskCompletionSource<ServiceState> _attempt = NewAttempt();
    private TaskCompletionSource _asked = NewSignal();
    private ulong _index;

    internal ServiceWatch(ConsulServiceName name, ConsulApi api, ConsulMetrics metrics, TimeProvider time, Random random, ILogger logger)
    {
        Name = name;
        _api = api;
        _metrics = metrics;
        _report = new WatchReport(name, logger);
        _backoff = new Backoff(FirstPause, LongestPause, random);
        _pace = new LoopPace(time);
        _time = time;
        _stopping = _stop.Token;
        _run = new Lazy<Task>(Start);
    }

    internal ConsulServiceName Name { get; }

    /// <summary>Gets the latest state, or <see langword="null"/> if there was none yet.</summary>
    internal ServiceState? Latest => _publisher.Latest;

    /// <summary>Gets the latest state. The first time, it waits for the answer of Consul.</summary>
    /// <exception cref="ConsulDiscoveryException">There is no state yet, and Consul did not give one.</exception>
    internal async Task<ServiceState> GetStateAsync(CancellationToken cancellationToken)
    {
        _ = _run.Value;
        var attempt = Volatile.Read(ref _attempt);
        if (_publisher.Latest is { } latest)
        {
            return latest;
        }

        // A pause between two attempts ends early.
        Volatile.Read(ref _asked).TrySetResult();
        return await attempt.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the watch, and waits until nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.Value.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static TaskCompletionSource<ServiceState> NewAttempt() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The loop outlives the request that starts it, and must not carry the request's activity with it.
    private Task Start()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(RunAsync);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    await AskAsync(_stopping).ConfigureAwait(false);
                }
                catch (Exception e) when (!_stopping.IsCancellationRequested)
                {
                    await RecoverAsync(e).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The watch is not needed any more.
        }
        finally
        {
            Fail(Volatile.Read(ref _attempt), new ObjectDisposedException(nameof(ServiceWatch), $"The watch of '{Name}' has ended."));
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var query = new ConsulQuery(Name, _index);
        var answer = await _api.AskAsync(query, cancellationToken).ConfigureAwait(false);
        var isKnown = await IsKnownAsync(query, answer, cancellationToken).ConfigureAwait(false);
        _backoff.Reset();
        _report.Answered(answer);
        var isChange = Publish(isKnown, answer.List);
        var hasWaited = _index > 0 && _time.GetElapsedTime(start) >= _api.Options.Wait;
        _index = BlockingIndex.GetNext(_index, answer.Index);
        if (!hasWaited && _pace.GetPause(isChange) is { Ticks: > 0 } pause)
        {
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A service all of whose instances are out is still a service, and its name is not left to others.
    private async Task<bool> IsKnownAsync(ConsulQuery query, ConsulAnswer answer, CancellationToken cancellationToken)
    {
        if (_publisher.Latest is { IsKnown: true } || !answer.List.IsEmpty)
        {
            return true;
        }

        return query.IsSelective(_api.Options)
            && !(await _api.AskAsync(new ConsulQuery(Name, IsAny: true), cancellationToken).ConfigureAwait(false)).List.IsEmpty;
    }

    private bool Publish(bool isKnown, InstanceList list)
    {
        var isChange = _publisher.Publish(isKnown, list.Instances);
        _metrics.Answered(isChange);
        if (isChange)
        {
            var state = _publisher.Latest!;
            _report.Changed(state);
            Volatile.Read(ref _attempt).TrySetResult(state);
        }

        return isChange;
    }

    private async Task RecoverAsync(Exception e)
    {
        // Consul may have been replaced meanwhile, and its index may have gone backwards. The next query is answered at once.
        _index = 0;
        var pause = _backoff.GetNext();
        if ((e as ConsulDiscoveryException)?.RetryAfter is { } after && after > pause)
        {
            pause = after < LongestPause ? after : LongestPause;
        }

        _report.Failed(e.Message, _publisher.Latest, pause);
        Volatile.Write(ref _asked, NewSignal());
        if (_publisher.Latest is null)
        {
            Fail(Interlocked.Exchange(ref _attempt, NewAttempt()), e);
        }

        await PauseAsync(pause).ConfigureAwait(false);
    }

    private static void Fail(TaskCompletionSource<ServiceState> attempt, Exception e)
    {
        if (attempt.TrySetException(e))
        {
            // Nobody may have waited for it, and then it would be reported as unobserved.
            _ = attempt.Task.Exception;
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        var least = pause < ShortestPause ? pause : ShortestPause;
        await Task.Delay(least, _time, _stopping).ConfigureAwait(false);
        if (pause > least)
        {
            using var asked = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            await Task.WhenAny(Volatile.Read(ref _asked).Task, Task.Delay(pause - least, _time, asked.Token)).ConfigureAwait(false);
            await asked.CancelAsync().ConfigureAwait(false);
            _stopping.ThrowIfCancellationRequested();
        }
    }
}
