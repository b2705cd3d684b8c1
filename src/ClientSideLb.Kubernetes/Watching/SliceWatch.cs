using ClientSideLb.Kubernetes.Api;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Watching;

/// <summary>
/// Lists the slices of one service, and watches them from then on. While the API server does not answer, the last state stays. Thread-safe.
/// </summary>
internal sealed class SliceWatch : ServiceWatch<KubernetesServiceName, ServiceState>
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
    private readonly KubernetesMetrics _metrics;
    private readonly Backoff _backoff;
    private readonly Random _random;
    private readonly WatchReport _report;
    private readonly Action<Slice> _learn;
    private string? _version;
    private bool _hasListedAnew;
    private int _publishesLater;

    internal SliceWatch(
        KubernetesServiceName name, KubernetesApi api, Action<Slice> learn, KubernetesMetrics metrics, TimeProvider time, Random random, ILogger logger)
        : base(name, ShortestPause, time)
    {
        _metrics = metrics;
        _api = api;
        _learn = learn;
        _book = new SliceBook(name, metrics, logger);
        _backoff = new Backoff(FirstPause, LongestPause, random);
        _random = random;
        _report = new WatchReport(name, logger);
    }

    protected override async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            await ListAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Latest is { IsKnown: false } && !Name.IsCertain)
        {
            _report.Recovered();
            _version = null;
            await Task.Delay(UnknownPause * (0.5 + _random.NextDouble()), Time, cancellationToken).ConfigureAwait(false);
            return;
        }

        await WatchAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var list = await _api.ListSlicesAsync(Name, cancellationToken).ConfigureAwait(false);
        _book.Replace(list.Items);
        _version = list.Version;
        Publish(isKnown: list.Items.Count > 0, isAnswer: true);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
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
            Apply(change, cancellationToken);
        }

        // A server that ends watches at once must not be asked in a loop.
        if (!hasMoved && Time.GetElapsedTime(start) < LongLivedWatch)
        {
            await PauseAsync(_backoff.GetNext(), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Apply(SliceEvent change, CancellationToken cancellationToken)
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
        var isChange = !ReferenceEquals(before, _book.Slices);
        if (change.Kind != SliceEventKind.Opened)
        {
            _metrics.Answered(isChange);
        }

        if (isChange && Interlocked.Exchange(ref _publishesLater, 1) == 0)
        {
            _ = PublishLaterAsync(cancellationToken);
        }
    }

    private async Task PublishLaterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(CoalescingDelay, Time, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _publishesLater, 0);
            Publish(isKnown: !_book.Slices.IsEmpty);
        }
        catch (OperationCanceledException)
        {
            // The watch has ended.
        }
    }

    private void Publish(bool isKnown, bool isAnswer = false)
    {
        var state = new ServiceState(isKnown, _book.Slices);
        var isChange = Publish(state);
        if (isAnswer)
        {
            _metrics.Answered(isChange);
        }

        if (!isChange)
        {
            return;
        }

        _report.Changed(state);
        foreach (var slice in state.Slices.Values)
        {
            _learn(slice);
        }
    }

    protected override bool IsSame(ServiceState one, ServiceState other) => one.IsKnown == other.IsKnown && ReferenceEquals(one.Slices, other.Slices);

    protected override async Task RecoverAsync(Exception failure, CancellationToken cancellationToken)
    {
        var known = failure as KubernetesDiscoveryException;
        if (known is not { Status: null, ErrorType: "connection" or "timeout" })
        {
            // The version is sure to be good only after a broken connection.
            _version = null;
            if (known is { IsGone: true } && !_hasListedAnew)
            {
                // It is part of the protocol: too much has changed since that version. Another one in a row is a failure.
                _hasListedAnew = true;
                return;
            }
        }

        var pause = _backoff.GetNext(known?.RetryAfter);
        _report.Failed(failure.Message, Latest, pause);
        if (known is { IsForbidden: true } && !Name.IsCertain && Latest is null)
        {
            // "example.com" is no service, and the application may well have no right to look into a namespace "com".
            Publish(isKnown: false);
        }

        await FailAndPauseAsync(failure, pause, cancellationToken).ConfigureAwait(false);
    }
}
