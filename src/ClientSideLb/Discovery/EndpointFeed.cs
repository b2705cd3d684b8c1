using ClientSideLb.Clusters;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ClientSideLb.Discovery;

/// <summary>
/// Keeps one cluster up to date with its source: asks once for all who wait, again when the source says that something changed,
/// and with growing pauses while the source fails. The last known good set stays until there is a better one.
/// </summary>
internal sealed class EndpointFeed
{
    // Service discovery forgets what nobody has asked for in 10 s, and with it the endpoints that change without a word; what
    // it still knows, it answers from memory.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Changes come in bursts, such as a deployment that replaces all endpoints one by one.
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    // A client that visits many hosts, such as a crawler, must not gather one feed for each: after a minute unused it ends.
    private const int UnusedRounds = 12;

    private readonly Cluster _cluster;
    private readonly IEndpointSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _untilItAnswers;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _failure;
    private volatile bool _passThrough;
    private volatile bool _used = true;
    private volatile bool _hasEnded;
    private bool _emptyIgnored;

    internal EndpointFeed(Cluster cluster, IEndpointSource source, TimeProvider time, Random random, ILogger logger)
    {
        _cluster = cluster;
        _source = source;
        _time = time;
        _logger = logger;
        _untilItAnswers = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                Delay = FirstRetry,
                MaxDelay = LongestRetry,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = random.NextDouble,
                OnRetry = retry =>
                {
                    ReportFailure(retry.Outcome.Exception!, retry.RetryDelay);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Gets a task that ends when the source has been asked once, whatever it answered.</summary>
    internal Task Asked => _asked.Task;

    /// <summary>Gets why the source could not be asked the last time, or <see langword="null"/> if it answered.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Gets a value indicating whether the name is no service's, so that requests go to it as they are.</summary>
    internal bool IsPassThrough => _passThrough;

    /// <summary>Gets a value indicating whether nothing is kept up to date any more.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>Tells that a request passed through, so that the name is not forgotten yet.</summary>
    internal void MarkUsed() => _used = true;

    /// <summary>Keeps the cluster up to date until cancelled, or until a name that is no service's has not been used for a while.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var unused = 0; unused < UnusedRounds; unused = !_passThrough || _used ? 0 : unused + 1)
            {
                _used = false;
                var resolved = await _untilItAnswers.ExecuteAsync(AskAndApplyAsync, cancellationToken).ConfigureAwait(false);
                _asked.TrySetResult();
                await WaitForChangeAsync(resolved, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _failure ??= new ObjectDisposedException(nameof(IServiceProvider), "The container was disposed.");
            _asked.TrySetResult();
        }
        finally
        {
            _hasEnded = true;
        }
    }

    // A strategy that fails with the new endpoints is retried too: the feed must outlive it, and requests must not wait for ever.
    private async ValueTask<ResolvedEndpoints> AskAndApplyAsync(CancellationToken cancellationToken)
    {
        var resolved = await AskAsync(cancellationToken).ConfigureAwait(false);
        Apply(resolved);
        return resolved;
    }

    // A provider's own OperationCanceledException is a failure like any other, and is retried.
    private async ValueTask<ResolvedEndpoints> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.GetEndpointsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Service discovery gave up.", e);
        }
    }

    private void Apply(ResolvedEndpoints resolved)
    {
        var known = _cluster.Snapshot.Members.Length;
        var ignored = resolved.Endpoints.Count == 0 && known > 0;
        if (ignored && !_emptyIgnored)
        {
            _logger.EmptyDiscoveryIgnored(_cluster.ClientName, _cluster.ServiceName, known);
        }

        _emptyIgnored = ignored;
        if (!ignored)
        {
            _passThrough = resolved.IsPassThrough;
            _cluster.Update(resolved.Endpoints);
        }

        if (_failure is not null)
        {
            _logger.DiscoveryRecovered(_cluster.ClientName, _cluster.ServiceName);
            _failure = null;
        }
    }

    private void ReportFailure(Exception failure, TimeSpan pause)
    {
        _failure = failure;
        _asked.TrySetResult();
        _logger.DiscoveryFailed(failure, _cluster.ClientName, _cluster.ServiceName, _cluster.Snapshot.Members.Length, pause);
    }

    private async Task WaitForChangeAsync(ResolvedEndpoints resolved, CancellationToken cancellationToken)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = resolved.Changed.ActiveChangeCallbacks
            ? resolved.Changed.RegisterChangeCallback(static state => ((TaskCompletionSource)state!).TrySetResult(), changed)
            : null;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed.Task, Task.Delay(PollInterval, _time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        if (changed.Task.IsCompleted)
        {
            await Task.Delay(Coalescing, _time, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
