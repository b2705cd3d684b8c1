using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

/// <summary>Endpoints that reject requests and say when they have room again.</summary>
public sealed class RejectionTests
{
    private readonly ClusterLab _lab = new(2, static options =>
    {
        options.Failover.MoveRejected = true;
        options.OutlierDetection.ConsecutiveFailures = 1;
        options.SlowStart = TimeSpan.FromSeconds(30);
    });

    [Fact]
    public void Of_several_times_the_longest_counts()
    {
        Reject(0, seconds: 10);
        Reject(0, seconds: 60);
        Reject(0, seconds: 1);

        _lab.Advance(seconds: 59);
        Assert.True(_lab[0].State.IsRejecting);

        _lab.Advance(seconds: 1);
        Assert.False(_lab[0].State.IsRejecting);
    }

    [Fact]
    public void Each_endpoint_has_room_again_at_its_own_time()
    {
        Reject(0, seconds: 20);
        Reject(1, seconds: 10);

        _lab.Advance(seconds: 10);
        Assert.Equal([true, false], [_lab[0].State.IsRejecting, _lab[1].State.IsRejecting]);

        _lab.Advance(seconds: 10);
        Assert.False(_lab[0].State.IsRejecting);
    }

    [Fact]
    public void An_ejected_endpoint_gets_no_trial_while_it_rejects()
    {
        _lab.Succeed(1);
        var before = _lab.SendTo(0);
        _lab.End(_lab.SendTo(0), AttemptVerdict.Failure);
        _lab.Reject(before, TimeSpan.FromSeconds(60));
        Assert.True(_lab[0].Record.Ejection.IsEjected);

        _lab.Advance(seconds: 59);
        Assert.All(Enumerable.Range(0, 10).Select(_ => _lab.Acquire()!), lease => Assert.Same(_lab[1], lease.Endpoint));

        _lab.Advance(seconds: 1);
        Assert.Equal(EndpointHealth.Ejected, _lab[0].Health);
        Assert.True(_lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void An_endpoint_that_has_room_again_has_its_whole_share_without_a_slow_start()
    {
        Reject(0, seconds: 10);
        _lab.Advance(seconds: 10);

        Assert.Equal(1, _lab[0].EffectiveWeight);
        Assert.Contains(_lab[0], _lab.Cluster.Snapshot.GetView(httpsOnly: false).Set.Available);
    }

    [Fact]
    public void A_rejected_request_can_move_to_an_endpoint_whose_time_is_over_although_the_timer_is_late()
    {
        // Timers count whole milliseconds.
        var asked = TimeSpan.FromSeconds(10) + TimeSpan.FromTicks(1);
        _lab.Reject(_lab.SendTo(0), asked);
        var tried = new TriedEndpoints();
        tried.Add(_lab[1]);
        Assert.False(_lab.Cluster.HasUntried(tried, httpsOnly: false));

        _lab.Time.Advance(asked);
        Assert.True(_lab[0].State.IsRejecting);
        Assert.True(_lab.Cluster.HasUntried(tried, httpsOnly: false));
    }

    [Fact]
    public void A_request_finds_an_endpoint_that_has_room_again_before_the_strategy_has_made_a_picker_with_it()
    {
        var strategy = new WatchedStrategy();
        var lab = new ClusterLab(1, static options => options.Failover.MoveRejected = true, strategy);
        lab.Reject(lab.SendTo(0), TimeSpan.FromSeconds(10));

        EndpointLease? found = null;
        strategy.IsCreating = () => found = lab.Cluster.Acquire(new PickContext(new SeededRandom(1), "key"), TestCluster.AnyEndpoint);
        lab.Advance(seconds: 10);

        Assert.Same(lab[0], found?.Endpoint);
    }

    [Fact]
    public void A_reload_that_switches_the_option_off_brings_all_back()
    {
        Reject(0, seconds: 60);
        _lab.Reload(static _ => { });

        Assert.True(_lab[0].State.IsAvailable);

        // A request that was under way may still report a rejection.
        Reject(0, seconds: 60);
        Assert.True(_lab[0].State.IsAvailable);
    }

    [Fact]
    public void An_endpoint_that_leaves_and_comes_back_still_rejects()
    {
        var held = _lab.SendTo(0);
        Reject(0, seconds: 60);
        _lab.List(1);
        _lab.List(0, 1);

        Assert.True(_lab[0].State.IsRejecting);
        _lab.Advance(seconds: 60);
        Assert.True(_lab[0].State.IsAvailable);
        held.Release();
    }

    [Fact]
    public void The_shortest_time_is_known()
    {
        Assert.Null(_lab.Cluster.FindShortestRejection(httpsOnly: false));
        Reject(0, seconds: 20);
        Reject(1, seconds: 10);
        _lab.Advance(seconds: 4);

        Assert.Equal(6, _lab.Cluster.FindShortestRejection(httpsOnly: false)!.Value.TotalSeconds, precision: 3);
    }

    [Fact]
    public void A_spent_quota_is_logged_as_news_and_not_as_a_warning()
    {
        Reject(0, seconds: 20);
        Reject(0, seconds: 30);
        _lab.Advance(seconds: 30);

        var entries = _lab.Log.Collector.GetSnapshot().Where(static entry => entry.Id.Id is 10 or 11 or 23).ToList();
        Assert.Equal([(23, LogLevel.Information), (11, LogLevel.Information)], entries.Select(static entry => (entry.Id.Id, entry.Level)));
        Assert.EndsWith("set aside for 20 s, because it rejected a request (429) until it has room again.", entries[0].Message);
    }

    [Fact]
    public void A_timer_that_fires_too_early_fires_again()
    {
        var time = new LaggingTime();
        using var cluster = new Cluster(
            "client", "api", ClusterSettings.Of(new LoadBalancingOptions { Failover = { MoveRejected = true } }, new RoundRobinStrategy(), time), time, new SeededRandom(1), []);
        cluster.List("http://10.0.0.1", "http://10.0.0.2");
        var lease = cluster.Acquire()!;
        cluster.Observe(lease, AttemptVerdict.Success, isAnswered: true, TimeSpan.FromSeconds(1), isRejected: true);
        lease.Release();

        time.Lag = TimeSpan.FromMilliseconds(1);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lease.Endpoint.State.IsRejecting);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(lease.Endpoint.State.IsRejecting);
    }

    private void Reject(int endpoint, int seconds) => _lab.Reject(_lab.SendTo(endpoint), TimeSpan.FromSeconds(seconds));

    /// <summary>Lets a test act while the cluster waits for a new picker.</summary>
    private sealed class WatchedStrategy : ILoadBalancingStrategy
    {
        private readonly RoundRobinStrategy _strategy = new();

        public string Name => "Watched";

        internal Action? IsCreating { get; set; }

        public EndpointPicker CreatePicker(EndpointSet endpoints)
        {
            IsCreating?.Invoke();
            return _strategy.CreatePicker(endpoints);
        }
    }

    /// <summary>A clock that is behind its timers, as the system's can be.</summary>
    private sealed class LaggingTime : FakeTimeProvider
    {
        internal TimeSpan Lag { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() - Lag.Ticks;
    }
}
