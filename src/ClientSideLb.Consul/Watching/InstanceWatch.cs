using ClientSideLb.Consul.Api;
using ClientSideLb.Consul.Instances;
using ClientSideLb.Consul.Names;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Consul.Watching;

/// <summary>
/// Follows the instances of one service by blocking queries. While Consul does not answer, the last state stays. Thread-safe.
/// </summary>
internal sealed class InstanceWatch : ServiceWatch<ConsulServiceName, ServiceState>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);

    private readonly ConsulApi _api;
    private readonly DiscoveryMetrics _metrics;
    private readonly WatchReport _report;
    private readonly Backoff _backoff;
    private readonly LoopPace _pace;
    private ulong _index;

    internal InstanceWatch(ConsulServiceName name, ConsulApi api, DiscoveryMetrics metrics, TimeProvider time, Random random, ILogger logger)
        : base(name, ShortestPause, time)
    {
        _api = api;
        _metrics = metrics;
        _report = new WatchReport(name, logger);
        _backoff = new Backoff(FirstPause, LongestPause, random);
        _pace = new LoopPace(time);
    }

    protected override async Task FollowAsync(CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        var query = new ConsulQuery(Name, _index);
        var answer = await _api.AskAsync(query, cancellationToken).ConfigureAwait(false);
        var isKnown = await IsKnownAsync(query, answer, cancellationToken).ConfigureAwait(false);
        _backoff.Reset();
        _report.Answered(answer);
        var isChange = Publish(isKnown, answer.List);
        var hasWaited = _index > 0 && Time.GetElapsedTime(start) >= _api.Options.Wait;
        _index = BlockingIndex.GetNext(_index, answer.Index);
        if (!hasWaited && _pace.GetPause(isChange) is { Ticks: > 0 } pause)
        {
            await Task.Delay(pause, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A service whose instances are all out is still a service, so its name is not left to other providers.
    private async Task<bool> IsKnownAsync(ConsulQuery query, ConsulAnswer answer, CancellationToken cancellationToken)
    {
        if (Latest is { IsKnown: true } || !answer.List.IsEmpty)
        {
            return true;
        }

        return query.IsSelective(_api.Options)
            && !(await _api.AskAsync(new ConsulQuery(Name, IsAny: true), cancellationToken).ConfigureAwait(false)).List.IsEmpty;
    }

    private bool Publish(bool isKnown, InstanceList list)
    {
        var state = new ServiceState(isKnown, list.Instances);
        var isChange = Publish(state);
        _metrics.Answered(isChange);
        if (isChange)
        {
            _report.Changed(state);
        }

        return isChange;
    }

    protected override bool IsSame(ServiceState one, ServiceState other) => one.IsKnown == other.IsKnown && one.Instances.SequenceEqual(other.Instances);

    protected override Task RecoverAsync(Exception failure, CancellationToken cancellationToken)
    {
        // Consul may have been replaced meanwhile, and its index may have gone backwards. The next query is answered at once.
        _index = 0;
        var pause = _backoff.GetNext((failure as ConsulDiscoveryException)?.RetryAfter);
        _report.Failed(failure.Message, Latest, pause);
        return FailAndPauseAsync(failure, pause, cancellationToken);
    }
}
