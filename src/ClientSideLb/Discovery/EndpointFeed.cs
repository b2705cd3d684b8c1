using ClientSideLb.Clusters;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ClientSideLb.Discovery;

/// <summary>
/// Keeps one cluster up to date with its source. It queries the source once for all requests that wait, and again when the source reports a
/// change. While the source fails, it retries with growing delays, and the last known endpoints stay in use.
/// </summary>
internal sealed class EndpointFeed
{
    // Service discovery drops a service that was not queried within 10 s, and then no longer polls providers that report no changes. Until
    // then it answers from memory, so a query is cheap.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Changes come in bursts, such as in a deployment that replaces all endpoints one by one. One query follows a burst.
    private static readonly TimeSpan CoalescingDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMinutes(1);

    // A client that visits many hosts, such as a crawler, must not keep a feed for each of them. A feed of a pass-through name ends after
    // this number of poll intervals without a request, which is one minute.
    private const int MaxUnusedRounds = 12;

    private readonly Cluster _cluster;
    private readonly IEndpointSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retries;
    private readonly TaskCompletionSource _firstQuery = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                Delay = FirstRetryDelay,
                MaxDelay = LongestRetryDelay,
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

    /// <summary>Gets a task that completes when the first query of the source has ended, even if it failed.</summary>
    internal Task FirstQuery => _firstQuery.Task;

    /// <summary>Gets the failure of the latest query, or <see langword="null"/> if it did not fail.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Gets a value indicating whether the name is not that of a service, so that requests are sent to their own address.</summary>
    internal bool IsPassThrough => _passThrough;

    /// <summary>Gets a value indicating whether the feed has ended and no longer keeps the cluster up to date.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>Notes that a request used this pass-through feed, so that the feed goes on for another minute.</summary>
    internal void MarkUsed() => _used = true;

    /// <summary>
    /// Keeps the cluster up to date until it is cancelled. The feed of a pass-through name also ends after a minute without a request.
    /// </summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var unused = 0; unused < MaxUnusedRounds; unused = !_passThrough || _used ? 0 : unused + 1)
            {
                _used = false;
                var resolved = await _retries.ExecuteAsync(QueryAndApplyAsync, cancellationToken).ConfigureAwait(false);
                _firstQuery.TrySetResult();
                await WaitForChangeAsync(resolved, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _failure ??= new ObjectDisposedException(nameof(IServiceProvider), "The container was disposed.");
            _firstQuery.TrySetResult();
        }
        finally
        {
            _hasEnded = true;
        }
    }

    // If the strategy fails with the new endpoints, that is retried, too. Otherwise the feed would end, and requests would wait for ever.
    private async ValueTask<ResolvedEndpoints> QueryAndApplyAsync(CancellationToken cancellationToken)
    {
        var resolved = await QueryAsync(cancellationToken).ConfigureAwait(false);
        Apply(resolved);
        return resolved;
    }

    // An OperationCanceledException that the provider throws by itself is a failure like any other. Polly would not retry it as it is.
    private async ValueTask<ResolvedEndpoints> QueryAsync(CancellationToken cancellationToken)
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
        _firstQuery.TrySetResult();
        _logger.DiscoveryFailed(failure, _cluster.ClientName, _cluster.ServiceName, _cluster.Snapshot.Members.Length, pause);
    }

    private async Task WaitForChangeAsync(ResolvedEndpoints resolved, CancellationToken cancellationToken)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = resolved.ChangeToken.ActiveChangeCallbacks
            ? resolved.ChangeToken.RegisterChangeCallback(static state => ((TaskCompletionSource)state!).TrySetResult(), changed)
            : null;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed.Task, Task.Delay(PollInterval, _time, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        if (changed.Task.IsCompleted)
        {
            await Task.Delay(CoalescingDelay, _time, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
