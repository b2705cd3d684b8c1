using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;

namespace ClientSideLb.Dns.Watching;

/// <summary>
/// Looks up one name as long as somebody uses it. The first lookup starts with the first question, and all that ask meanwhile share it. After
/// that the answer is always there at once. Thread-safe.
/// </summary>
internal sealed class WatchedName(
    DnsQuestion question, Func<NameLookup> createLookup, Func<NameHistory> createHistory, DnsDiscoveryMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile NameState? _state;
    private int _isStarted;

    internal DnsQuestion Question { get; } = question;

    /// <summary>Gets what is known, or <see langword="null"/> before the first answer.</summary>
    internal NameState? State => _state;

    /// <summary>Gets or sets how many providers use the name. The caller holds the lock of <see cref="WatchedNames"/>.</summary>
    internal int Users { get; set; }

    internal async ValueTask<NameState> GetStateAsync(CancellationToken cancellationToken)
    {
        if (_state is { } known)
        {
            return known;
        }

        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            Start();
        }

        await _first.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _state!;
    }

    public void Dispose()
    {
        // The token source is not disposed, because the loop may still use it. It has no timer.
        _stopping.Cancel();
        _first.TrySetException(new ObjectDisposedException(nameof(IServiceProvider), "The container was disposed."));
        _ = _first.Task.Exception;
    }

    // The loop outlives the request that starts it, and must not carry the request's activity with it.
    private void Start()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = Task.Run(RunAsync);
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        var (lookup, history) = (createLookup(), createHistory());
        try
        {
            while (true)
            {
                var answer = await FindAsync(lookup).ConfigureAwait(false);
                metrics.CountLookup(Question.Name, answer.Outcome);
                var (state, pause) = history.Add(answer);
                await PublishAsync(state).ConfigureAwait(false);
                await Task.Delay(pause, time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody uses the name any more.
        }
    }

    private async Task<DnsAnswer> FindAsync(NameLookup lookup)
    {
        try
        {
            return await lookup.FindAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            // An answer of a kind that nobody thought of must not end the lookups.
            return DnsAnswer.Failed($"the answer cannot be used: {e.Message}");
        }
    }

    private async Task PublishAsync(NameState state)
    {
        var previous = _state;
        if (ReferenceEquals(previous, state))
        {
            return;
        }

        _state = state;
        _first.TrySetResult();
        if (previous is not null)
        {
            await previous.ReportChangeAsync().ConfigureAwait(false);
        }
    }
}
