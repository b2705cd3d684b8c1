using ClientSideLb.Clusters;
using ClientSideLb.Requests;
using ClientSideLb.Shared;
using ClientSideLb.Telemetry;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Discovery;

/// <summary>
/// Keeps one cluster up to date with its source. It queries the source once for all requests that wait, and again when the source reports a
/// change. While the source fails, it retries with growing delays, and the last known endpoints stay in use. A feed that no request uses
/// ends.
/// </summary>
internal sealed class EndpointFeed
{
    /// <summary>The longest time that a query may take. A query that takes longer has failed.</summary>
    internal static readonly TimeSpan QueryTimeLimit = TimeSpan.FromSeconds(30);

    // Service discovery drops a service that was not queried within 10 s, and then no longer polls providers that report no changes. Until
    // then it answers from memory, so a query is cheap.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    // Changes come in bursts, such as in a deployment that replaces all endpoints one by one. One query follows a burst.
    private static readonly TimeSpan CoalescingDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMinutes(1);

    // A client that visits many hosts, such as a crawler, must not keep a feed for each of them. A service is kept longer, because the first
    // request to a service waits for service discovery.
    private static readonly TimeSpan LongestUnusedWithoutEndpoints = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestUnused = TimeSpan.FromMinutes(2);

    private readonly Cluster _cluster;
    private readonly IEndpointSource _source;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ClientTelemetry _telemetry;
    private readonly TaskCompletionSource _firstQuery = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ResolvedEndpoints>? _query;
    private IDisposable? _changeRegistration;
    private long _lastUsed;
    private int _failuresInRow;
    private volatile Exception? _failure;
    private volatile bool _passThrough;
    private volatile bool _used = true;
    private volatile bool _hasEnded;
    private bool _emptyIgnored;
    private bool _isKnownOnce;

    internal EndpointFeed(Cluster cluster, IEndpointSource source, TimeProvider time, Random random, ClientTelemetry telemetry)
    {
        _cluster = cluster;
        _source = source;
        _time = time;
        _random = random;
        _telemetry = telemetry;
    }

    /// <summary>Gets a task that completes when the first query of the source has ended, even if it failed.</summary>
    internal Task FirstQuery => _firstQuery.Task;

    /// <summary>Gets the failure of the latest query, or <see langword="null"/> if it did not fail.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Gets a value indicating whether the name is not that of a service, so that requests are sent to their own address.</summary>
    internal bool IsPassThrough => _passThrough;

    /// <summary>Gets a value indicating whether the feed has ended and no longer keeps the cluster up to date.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>Gets or sets a value indicating whether the feed goes on without requests as long as its endpoints are probed.</summary>
    internal bool IsKeptForProbes { get; set; }

    /// <summary>Notes that a request used the feed, so that the feed goes on.</summary>
    internal void MarkUsed()
    {
        // The flag is nearly always set. Without a write, its cache line stays shared between the cores.
        if (!_used)
        {
            _used = true;
        }
    }

    /// <summary>
    /// Keeps the cluster up to date until it is cancelled, or until no request has used the feed for two minutes: one minute if there are no
    /// endpoints. While requests are in flight or an endpoint is drained by hand, the feed goes on.
    /// </summary>
    /// <remarks>
    /// During a pause, only the timer keeps the loop alive, and the loop does not keep the feed alive. So a container that is dropped without
    /// being disposed is collected.
    /// </remarks>
    internal Task RunAsync(CancellationToken cancellationToken) => RunAsync(new WeakReference<EndpointFeed>(this), _time, cancellationToken);

    private static async Task RunAsync(WeakReference<EndpointFeed> feed, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            while (await QueryAsync(feed, cancellationToken).ConfigureAwait(false) is { } pause)
            {
                if (await pause.WaitAsync(time, cancellationToken).ConfigureAwait(false))
                {
                    await Task.Delay(CoalescingDelay, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The feed ends. A source may throw anything when it is cancelled.
        }
        finally
        {
            if (feed.TryGetTarget(out var ended))
            {
                ended.End();
            }
        }
    }

    private static Task<FeedPause?> QueryAsync(WeakReference<EndpointFeed> feed, CancellationToken cancellationToken) =>
        feed.TryGetTarget(out var target) && !target.EndWatch().IsUnused()
            ? target.QueryAndApplyAsync(cancellationToken)
            : Task.FromResult<FeedPause?>(null);

    // If the strategy fails with the new endpoints, that is retried, too. Otherwise the feed would end, and requests would wait for ever.
    private async Task<FeedPause?> QueryAndApplyAsync(CancellationToken cancellationToken)
    {
        FeedPause pause;
        try
        {
            var resolved = await QueryAsync(cancellationToken).ConfigureAwait(false);
            Apply(resolved);
            pause = Watch(resolved.ChangeToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            pause = new FeedPause(GetRetryDelay());
            ReportFailure(failure, pause.Length);
        }

        _firstQuery.TrySetResult();
        return pause;
    }

    private async Task<ResolvedEndpoints> QueryAsync(CancellationToken cancellationToken)
    {
        // A query that was given up may still run. Another one would wait behind it, or block another thread.
        var query = _query is { IsCompleted: false } running ? running : _source.GetEndpointsAsync(cancellationToken).AsTask();
        _query = query;
        try
        {
            return await query.WaitAsync(QueryTimeLimit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!query.IsCompleted)
        {
            throw new TimeoutException($"Service discovery has not answered within {DurationText.Of(QueryTimeLimit)}.");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("Service discovery gave up.", e);
        }
        finally
        {
            if (!query.IsCompleted)
            {
                // Nothing waits for the query any more. Its exception must not be reported as unobserved.
                _ = query.ContinueWith(
                    static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private void Apply(ResolvedEndpoints resolved)
    {
        var known = _cluster.Snapshot.Members.Length;
        var ignored = resolved.Endpoints.Count == 0 && known > 0;
        if (ignored && !_emptyIgnored)
        {
            _telemetry.Logger.EmptyDiscoveryIgnored(_cluster.ShortClientName, _cluster.ServiceName, known);
        }

        _emptyIgnored = ignored;
        if (!ignored)
        {
            try
            {
                _cluster.Update(resolved.Endpoints);
            }
            finally
            {
                // Only now: a request that finds the name to be a service must also find its endpoints. They are published even if the strategy failed.
                UsePassThrough(resolved);
            }
        }

        // Names that are no services may be many, such as those that a crawler visits.
        if (!resolved.IsPassThrough)
        {
            _telemetry.Metrics.RecordDiscovery(_cluster, resolved.Endpoints.Count == 0 ? TelemetryNames.Empty : TelemetryNames.Success, errorType: null);
        }

        _failuresInRow = 0;
        if (_failure is not null)
        {
            _telemetry.Logger.DiscoveryRecovered(_cluster.ShortClientName, _cluster.ServiceName);
            _failure = null;
            _cluster.ReportDiscoveryRecovered();
        }
    }

    // A provider may discover a name just after it has answered that the name has no endpoints. The next answer then has them, and requests pass through
    // until then.
    private void UsePassThrough(ResolvedEndpoints resolved)
    {
        _isKnownOnce = _passThrough && !_isKnownOnce && resolved is { IsPassThrough: false, Endpoints.Count: 0 };
        _passThrough = _isKnownOnce || resolved.IsPassThrough;
    }

    private void ReportFailure(Exception failure, TimeSpan pause)
    {
        var isFirst = _failure is null;
        _failure = failure;
        _telemetry.Metrics.RecordDiscovery(_cluster, TelemetryNames.Failure, ErrorType.Of(failure));
        if (isFirst)
        {
            _cluster.ReportDiscoveryFailed(DescribeForEvent(failure));
        }

        _telemetry.Logger.DiscoveryFailed(failure, _cluster.ShortClientName, _cluster.ServiceName, _cluster.Snapshot.Members.Length, DurationText.Of(pause));
    }

    // The text of an exception may contain secrets. The log has it.
    private static string DescribeForEvent(Exception failure) => failure is TimeoutException
        ? "it gave no answer in time"
        : FailureText.Describe(failure, otherwise: "it threw an exception");

    // The delays double, and each varies at random by up to a half, so that clients do not retry at the same time.
    private TimeSpan GetRetryDelay()
    {
        var delay = FirstRetryDelay * Math.Pow(2, Math.Min(_failuresInRow, 30)) * (0.5 + _random.NextDouble());
        _failuresInRow++;
        return delay < LongestRetryDelay ? delay : LongestRetryDelay;
    }

    private FeedPause Watch(IChangeToken changes)
    {
        var pause = new FeedPause(PollInterval);
        _changeRegistration = changes.ActiveChangeCallbacks
            ? changes.RegisterChangeCallback(static end => ((TaskCompletionSource<bool>)end!).TrySetResult(true), pause.End)
            : null;
        return pause;
    }

    private EndpointFeed EndWatch()
    {
        Interlocked.Exchange(ref _changeRegistration, null)?.Dispose();
        return this;
    }

    private bool IsUnused()
    {
        var now = _time.GetTimestamp();
        if (_used || _cluster.IsHeld || (IsKeptForProbes && _cluster.Settings.Probes.Enabled))
        {
            _used = false;
            _lastUsed = now;
        }

        var longest = _cluster.Snapshot.Members.Length > 0 ? LongestUnused : LongestUnusedWithoutEndpoints;
        return _time.GetElapsedTime(_lastUsed, now) >= longest;
    }

    private void End()
    {
        EndWatch();
        _hasEnded = true;
        if (!_firstQuery.Task.IsCompleted)
        {
            _failure ??= new ObjectDisposedException(nameof(IServiceProvider), "The container was disposed.");
            _firstQuery.TrySetResult();
        }
    }
}
