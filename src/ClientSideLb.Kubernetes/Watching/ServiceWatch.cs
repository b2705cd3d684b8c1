using ClientSideLb.Kubernetes.Api;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>
/// Lists the slices of one service, and watches them from then on. While the API server does not answer, the last state stays. Thread-safe.
/// </summary>
internal sealed class ServiceWatch : IAsyncDisposable
{
    // Changes come in bursts, such as in a rollout. A burst is one update, and is late by no more than this.
    private static readonly TimeSpan CoalescingDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    // A name that may be that of any host is only looked for now and then. A crawler must not open a watch for each host.
    private static readonly TimeSpan UnknownPause = TimeSpan.FromSeconds(30);

    // Watches that are opened at the same time must not all end at the same time.
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan LongLivedWatch = TimeSpan.FromSeconds(5);

    private readonly KubernetesApi _api;
    private readonly SliceBook _book;
    private readonly Publisher _publisher = new();
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly WatchReport _report;
    private readonly Action<Slice> _learn;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly Lazy<Task> _run;
    private TaskCompletionSource<ServiceState> _attempt = NewAttempt();
    private TaskCompletionSource _asked = NewSignal();
    private string? _version;
    private bool _hasListedAnew;
    private int _publishesLater;

    internal ServiceWatch(
        KubernetesServiceName name, KubernetesApi api, Action<Slice> learn, KubernetesMetrics metrics, TimeProvider time, Random random, ILogger logger)
    {
        Name = name;
        _api = api;
        _learn = learn;
        _book = new SliceBook(name, metrics, logger);
        _backoff = new Backoff(FirstPause, LongestPause, random);
        _time = time;
        _random = random;
        _report = new WatchReport(name, logger);
        _stopping = _stop.Token;
        _run = new Lazy<Task>(() => Task.Run(RunAsync));
    }

    internal KubernetesServiceName Name { get; }

    /// <summary>Gets the latest state, or <see langword="null"/> if there was none yet.</summary>
    internal ServiceState? Latest => _publisher.Latest;

    /// <summary>Gets the latest state. The first time, it waits for the answer of the API server.</summary>
    /// <exception cref="KubernetesApiException">There is no state yet, and the API server did not give one.</exception>
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

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    await ListAndWatchAsync(_stopping).ConfigureAwait(false);
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

    private async Task ListAndWatchAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            await ListAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_publisher.Latest is { IsKnown: false } && !Name.IsCertain)
        {
            _report.Recovered();
            _version = null;
            await Task.Delay(UnknownPause * (0.5 + _random.NextDouble()), _time, cancellationToken).ConfigureAwait(false);
            return;
        }

        await WatchAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var list = await _api.ListSlicesAsync(Name, cancellationToken).ConfigureAwait(false);
        _book.Replace(list.Items);
        _version = list.Version;
        Publish(isKnown: list.Items.Count > 0);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var hasMoved = false;
        var length = ShortestWatch * (1 + _random.NextDouble());
        await foreach (var change in _api.WatchSlicesAsync(Name, _version!, length, cancellationToken).ConfigureAwait(false))
        {
            hasMoved |= change.Kind != SliceEventKind.Opened;
            if (hasMoved)
            {
                _backoff.Reset();
                _hasListedAnew = false;
            }

            _report.Recovered();
            Apply(change);
        }

        // A server that ends watches at once must not be asked in a loop.
        if (!hasMoved && _time.GetElapsedTime(start) < LongLivedWatch)
        {
            await PauseAsync(_backoff.GetNext(), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Apply(SliceEvent change)
    {
        var before = _book.Slices;
        if (change.Kind == SliceEventKind.Set)
        {
            _book.Set(change.Item);
        }
        else if (change.Kind == SliceEventKind.Deleted)
        {
            _book.Remove(change.Item);
        }

        _version = change.Version ?? _version;
        if (!ReferenceEquals(before, _book.Slices) && Interlocked.Exchange(ref _publishesLater, 1) == 0)
        {
            _ = PublishLaterAsync();
        }
    }

    private async Task PublishLaterAsync()
    {
        try
        {
            await Task.Delay(CoalescingDelay, _time, _stopping).ConfigureAwait(false);
            Volatile.Write(ref _publishesLater, 0);
            Publish(isKnown: !_book.Slices.IsEmpty);
        }
        catch (OperationCanceledException)
        {
            // The watch has ended.
        }
    }

    private void Publish(bool isKnown)
    {
        if (!_publisher.Publish(isKnown, _book.Slices))
        {
            return;
        }

        var state = _publisher.Latest!;
        _report.Changed(state);
        foreach (var slice in state.Slices.Values)
        {
            _learn(slice);
        }

        Volatile.Read(ref _attempt).TrySetResult(state);
    }

    private async Task RecoverAsync(Exception e)
    {
        var failure = e as KubernetesApiException;
        if (failure is not { Status: null, ErrorType: "connection" or "timeout" })
        {
            // Only after a broken connection is the version sure to be good.
            _version = null;
            if (failure is { IsGone: true } && !_hasListedAnew)
            {
                // It is part of the protocol: too much has changed since that version. Another one in a row is a failure.
                _hasListedAnew = true;
                return;
            }
        }

        var pause = _backoff.GetNext();
        if (failure?.RetryAfter is { } after && after > pause)
        {
            pause = after < LongestPause ? after : LongestPause;
        }

        _report.Failed(e.Message, _publisher.Latest, pause);
        Volatile.Write(ref _asked, NewSignal());
        if (failure is { IsForbidden: true } && !Name.IsCertain && _publisher.Latest is null)
        {
            // "example.com" is no service, and the application may well have no right to look into a namespace "com".
            Publish(isKnown: false);
        }

        if (_publisher.Latest is null)
        {
            Fail(Interlocked.Exchange(ref _attempt, NewAttempt()), e);
        }

        await PauseAsync(pause, _stopping).ConfigureAwait(false);
    }

    private static void Fail(TaskCompletionSource<ServiceState> attempt, Exception e)
    {
        if (attempt.TrySetException(e))
        {
            // Nobody may have waited for it, and then it would be reported as unobserved.
            _ = attempt.Task.Exception;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var least = pause < ShortestPause ? pause : ShortestPause;
        await Task.Delay(least, _time, cancellationToken).ConfigureAwait(false);
        if (pause > least)
        {
            using var asked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Volatile.Read(ref _asked).Task, Task.Delay(pause - least, _time, asked.Token)).ConfigureAwait(false);
            await asked.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
