using System.Net;

namespace ClientSideLb.Tests;

/// <summary>Priorities and zones divide a cluster into levels.</summary>
public sealed class LevelTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 2000).Select(static i => $"user-{i}")];

    [Theory]
    [InlineData(0, 100)]
    [InlineData(7, 100)]
    [InlineData(8, 95)]
    [InlineData(20, 28)]
    [InlineData(25, 0)]
    public void Requests_go_to_the_first_priority_as_far_as_its_available_endpoints_allow(int drained, int percent)
    {
        var lab = Lab([.. Enumerable.Repeat(0, 25), 1, 1]);
        Drain(lab, Enumerable.Range(0, drained));

        Assert.InRange(CountFirst(lab, picks: 10_000) / 100.0, percent - 1.5, percent + 1.5);
    }

    [Fact]
    public void Priorities_need_not_begin_at_0_nor_be_listed_in_order()
    {
        var lab = Lab([7, 3, 7, 3]);

        Assert.All(Pick(lab, 100), static endpoint => Assert.Equal(3, endpoint.Priority));
    }

    [Fact]
    public void The_endpoints_of_a_level_share_its_requests_by_the_strategy()
    {
        var lab = Lab([0, 0, 1, 1]);
        Drain(lab, [0]);

        var picks = Pick(lab, 10_000).GroupBy(static endpoint => endpoint.Address).ToDictionary(static group => group.Key, static group => group.Count());

        Assert.InRange(picks[Backends.AddressOf(1)], 6_850, 7_150);
        Assert.InRange(picks[Backends.AddressOf(2)] - picks[Backends.AddressOf(3)], -1, 1);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.IpHash)]
    public void Keys_move_between_levels_only_as_far_as_the_shares_ask_and_always_the_same_keys(string strategy)
    {
        var lab = Lab([0, 0, 0, 0, 1, 1, 1, 1], strategy: strategy);
        var all = Owners(lab);
        Assert.All(all, static owner => Assert.Equal(0, owner.Priority));

        Drain(lab, [0, 1]);
        var half = Owners(lab);
        Assert.InRange(half.Count(static owner => owner.Priority == 1), 540, 660);

        // Of those that stay, only the keys of the endpoints that are out have moved within the level.
        Assert.All(Keys.Select((_, key) => key).Where(key => half[key].Priority == 0 && !all[key].Record.IsDraining), key => Assert.Same(all[key], half[key]));

        Drain(lab, [2]);
        var quarter = Owners(lab);
        Assert.InRange(quarter.Count(static owner => owner.Priority == 1), 1_240, 1_360);
        Assert.All(Keys.Select((_, key) => key).Where(key => half[key].Priority == 1), key => Assert.Same(half[key], quarter[key]));

        Resume(lab, [0, 1, 2]);
        Assert.Equal(all, Owners(lab));
    }

    [Fact]
    public void A_request_that_moves_tries_its_own_level_first_and_then_the_next_one()
    {
        var lab = Lab([0, 0, 0, 1, 1]);
        var tried = new List<ClusterEndpoint>();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            tried.Add(lab.Acquire(excluded: [.. tried])!.Endpoint);
        }

        Assert.Equal([0, 0, 0, 1, 1], tried.Select(static endpoint => endpoint.Priority));
        Assert.Equal(5, tried.Distinct().Count());
    }

    [Fact]
    public void A_request_of_a_later_level_moves_within_that_level()
    {
        var lab = Lab([0, 1, 1, 2]);
        var second = lab[1];

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Same(lab[2], lab.Acquire(excluded: second)!.Endpoint));
        Assert.Same(lab[3], lab.Acquire(excluded: [second, lab[2]])!.Endpoint);
    }

    [Fact]
    public void Local_endpoints_come_before_the_others_of_their_priority()
    {
        var lab = Lab([0, 0, 0, 0, 1, 1], ["a", "b", "a", null, "a", "b"], zone: "a");
        Assert.All(Pick(lab, 100), static endpoint => Assert.Equal((0, "a"), (endpoint.Priority, endpoint.Zone)));

        Drain(lab, [0]);
        Assert.InRange(Pick(lab, 10_000).Count(static endpoint => endpoint.Zone == "a"), 6_850, 7_150);

        Drain(lab, [2]);
        Assert.All(Pick(lab, 100), static endpoint => Assert.Equal((0, false), (endpoint.Priority, endpoint.Zone == "a")));

        Drain(lab, [1, 3]);
        Assert.All(Pick(lab, 100), static endpoint => Assert.Equal((1, "a"), (endpoint.Priority, endpoint.Zone)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("z")]
    public void Without_a_zone_or_without_a_local_endpoint_zones_do_not_matter(string? zone)
    {
        var lab = Lab([0, 0, 0], ["a", "b", null], zone: zone);

        Assert.Equal(3, Pick(lab, 30).Distinct().Count());
        Assert.IsNotType<LevelPicker>(View(lab).Picker);
    }

    [Fact]
    public void A_reload_of_the_zone_changes_the_levels()
    {
        var lab = Lab([0, 0], ["a", "b"], zone: "a");
        Assert.All(Pick(lab, 20), static endpoint => Assert.Equal("a", endpoint.Zone));

        lab.Reload(static options => options.Zone = "b");
        Assert.All(Pick(lab, 20), static endpoint => Assert.Equal("b", endpoint.Zone));

        lab.Reload(static _ => { });
        Assert.Equal(2, Pick(lab, 20).Distinct().Count());
    }

    [Fact]
    public void There_is_panic_only_if_no_level_has_anything_available_and_then_the_sizes_decide()
    {
        var lab = Lab([0, 0, 0, 1], configure: static options =>
        {
            options.PanicThreshold = 0.9;
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.UnhealthyThreshold = 1;
        });
        for (var i = 0; i < 3; i++)
        {
            lab.Cluster.ObserveProbe(lab[i], passes: false, lab.Time.GetTimestamp());
        }

        Assert.False(lab.Cluster.InPanic);
        Assert.All(Pick(lab, 50), static endpoint => Assert.Equal(1, endpoint.Priority));

        lab.Cluster.ObserveProbe(lab[3], passes: false, lab.Time.GetTimestamp());
        Assert.True(lab.Cluster.InPanic);
        Assert.InRange(CountFirst(lab, picks: 10_000), 7_350, 7_650);
    }

    [Fact]
    public void Probes_that_pass_first_in_a_later_level_take_no_traffic_from_the_first_one()
    {
        var lab = Lab([0, 0, 1], configure: static options => options.ActiveHealthCheck.Enabled = true);
        lab.Cluster.ObserveProbe(lab[2], passes: true, lab.Time.GetTimestamp());
        Assert.All(Pick(lab, 50), static endpoint => Assert.Equal(0, endpoint.Priority));

        // Within a level they do.
        lab.Cluster.ObserveProbe(lab[0], passes: true, lab.Time.GetTimestamp());
        Assert.DoesNotContain(lab[1], Pick(lab, 50));
    }

    [Fact]
    public void A_level_that_rejects_everything_passes_on_to_the_next()
    {
        var lab = Lab([0, 1], configure: static options => options.Failover.MoveRejected = true);
        lab.Reject(lab.SendTo(0), TimeSpan.FromSeconds(10));
        Assert.All(Pick(lab, 20), endpoint => Assert.Same(lab[1], endpoint));

        lab.Advance(seconds: 10);
        Assert.All(Pick(lab, 20), endpoint => Assert.Same(lab[0], endpoint));
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.RoundRobin)]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    public void An_ejected_endpoint_gets_its_trial_in_its_level(string strategy)
    {
        var lab = Lab([0, 0, 1], strategy: strategy, configure: static options => options.OutlierDetection.ConsecutiveFailures = 1);
        lab.Succeed(0);
        lab.Succeed(1);
        lab.End(lab.SendTo(0), AttemptVerdict.Failure);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        lab.Advance(seconds: 15);

        var trial = Keys.Select(key => lab.Cluster.Acquire(new PickContext(new SeededRandom(1), key), TestCluster.AnyEndpoint)!).First(static lease => lease.IsTrial);
        Assert.Same(lab[0], trial.Endpoint);
        lab.End(trial, AttemptVerdict.Success);

        Assert.All(Pick(lab, 50), static endpoint => Assert.Equal(0, endpoint.Priority));
    }

    [Fact]
    public void A_strategy_that_learns_does_so_in_each_level()
    {
        var lab = Lab([0, 0, 1, 1], strategy: LoadBalancingStrategies.PeakEwma);
        var picker = View(lab).Picker;
        foreach (var (index, milliseconds) in ((int, int)[])[(0, 10), (1, 500), (2, 10), (3, 500)])
        {
            picker.OnAttemptEnded(AnswerOf(lab, index, milliseconds));
        }

        Assert.True(View(lab).ObservesResults);
        Assert.All(Pick(lab, 20), endpoint => Assert.Same(lab[0], endpoint));
        Assert.Equal(500, lab.Cluster.GetLatencyEstimate(lab[3])!.Value.TotalMilliseconds, precision: 0);
        Drain(lab, [0, 1]);
        Assert.All(Pick(lab, 20), endpoint => Assert.Same(lab[2], endpoint));
    }

    [Fact]
    public void A_strategy_that_learns_does_so_at_endpoints_that_join_a_level()
    {
        var lab = Lab([0, 1], strategy: LoadBalancingStrategies.PeakEwma);
        lab.Cluster.Update(Described([0, 1, 1], []));
        View(lab).Picker.OnAttemptEnded(AnswerOf(lab, 2, milliseconds: 70));

        Assert.Equal(70, lab.Cluster.GetLatencyEstimate(lab[2])!.Value.TotalMilliseconds, precision: 0);
    }

    [Fact]
    public void A_strategy_reuses_its_work_for_a_level_that_has_not_changed()
    {
        var strategy = new RecordingStrategy();
        var lab = new ClusterLab(0, strategy: strategy);
        lab.Cluster.Update(Described([0, 0, 1, 1], []));
        var before = strategy.Sets.Count;
        Drain(lab, [0]);

        var sets = strategy.Sets.Skip(before).ToList();
        Assert.Equal([2, 2], sets.Select(static set => set.All.Count));
        Assert.Equal([1, 2], sets.Select(static set => set.Available.Count));
        Assert.Same(strategy.Sets[before - 2].All, sets[0].All);
    }

    [Fact]
    public void A_change_of_priority_moves_an_endpoint_to_another_level_with_its_state()
    {
        var lab = Lab([0, 1]);
        var second = lab[1];
        lab.Cluster.Update(Described([1, 0], []));

        Assert.Same(second, lab[1]);
        Assert.All(Pick(lab, 20), endpoint => Assert.Same(second, endpoint));
    }

    [Fact]
    public void The_levels_of_a_cluster_tell_what_each_serves()
    {
        var lab = Lab([0, 0, 1, 1, 1], ["a", "b", "a", null, "b"], zone: "a");
        Drain(lab, [0]);

        Assert.Equal(
            [(0, true, 1, 0, 0.0), (0, false, 1, 1, 1.0), (1, true, 1, 1, 0.0), (1, false, 2, 2, 0.0)],
            lab.Cluster.Levels.Select(static level => (level.Priority, level.IsLocal, level.Endpoints.Count, level.Available, level.Share)));
    }

    [Fact]
    public void In_panic_the_levels_tell_the_shares_by_which_endpoints_are_picked()
    {
        var lab = Lab([0, 0, 0, 1], configure: static options =>
        {
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.UnhealthyThreshold = 1;
        });
        Drain(lab, [0, 1]);
        for (var i = 2; i < 4; i++)
        {
            lab.Cluster.ObserveProbe(lab[i], passes: false, lab.Time.GetTimestamp());
        }

        Assert.True(lab.Cluster.InPanic);
        Assert.InRange(CountFirst(lab, picks: 10_000), 4_850, 5_150);
        Assert.Equal([0.5, 0.5], lab.Cluster.Levels.Select(static level => level.Share));
    }

    [Fact]
    public void A_cluster_without_priorities_has_one_level()
    {
        var lab = Lab([0, 0]);
        Drain(lab, [0]);

        var level = Assert.Single(lab.Cluster.Levels);
        Assert.Equal((0, false, 1, 1.0), (level.Priority, level.IsLocal, level.Available, level.Share));
        Assert.Empty(new ClusterLab(0).Cluster.Levels);
    }

    private static ClusterLab Lab(
        int[] priorities, string?[]? zones = null, string? zone = null, string strategy = LoadBalancingStrategies.RoundRobin, Action<LoadBalancingOptions>? configure = null)
    {
        var lab = new ClusterLab(
            0,
            options =>
            {
                options.Zone = zone;
                configure?.Invoke(options);
            },
            StrategyOf(strategy),
            new SeededRandom(1));
        lab.Cluster.Update(Described(priorities, zones ?? []));
        return lab;
    }

    private static ILoadBalancingStrategy StrategyOf(string name) => name switch
    {
        LoadBalancingStrategies.ConsistentHash => new ConsistentHashStrategy(),
        LoadBalancingStrategies.IpHash => new IpHashStrategy(),
        LoadBalancingStrategies.PeakEwma => new PeakEwmaStrategy(),
        _ => new RoundRobinStrategy(),
    };

    private static EndpointDescription[] Described(int[] priorities, string?[] zones) =>
        [.. priorities.Select((priority, index) => new EndpointDescription(new EndpointAddress(Backends.AddressOf(index)), Zone: zones.ElementAtOrDefault(index), Priority: priority))];

    private static ClusterView View(ClusterLab lab) => lab.Cluster.Snapshot.GetView(httpsOnly: false);

    private static void Drain(ClusterLab lab, IEnumerable<int> indexes)
    {
        foreach (var index in indexes)
        {
            Assert.True(lab.Cluster.TryDrain(Backends.AddressOf(index)));
        }
    }

    private static void Resume(ClusterLab lab, IEnumerable<int> indexes)
    {
        foreach (var index in indexes)
        {
            Assert.True(lab.Cluster.TryResume(Backends.AddressOf(index)));
        }
    }

    private static List<ClusterEndpoint> Pick(ClusterLab lab, int picks)
    {
        var random = new SeededRandom(7);
        return [.. Enumerable.Range(0, picks).Select(_ =>
        {
            var lease = lab.Cluster.Acquire(new PickContext(random), TestCluster.AnyEndpoint)!;
            lease.Release();
            return lease.Endpoint;
        })];
    }

    private static int CountFirst(ClusterLab lab, int picks) => Pick(lab, picks).Count(static endpoint => endpoint.Priority == 0);

    private static List<ClusterEndpoint> Owners(ClusterLab lab) =>
    [
        .. Keys.Select((key, index) =>
        {
            var lease = lab.Cluster.Acquire(new PickContext(new SeededRandom(1), key, new IPAddress([10, 0, (byte)(index >> 8), (byte)index])), TestCluster.AnyEndpoint)!;
            lease.Release();
            return lease.Endpoint;
        }),
    ];

    private static AttemptResult AnswerOf(ClusterLab lab, int index, int milliseconds) => new()
    {
        Endpoint = lab[index],
        Request = new HttpRequestMessage(),
        Response = new HttpResponseMessage(HttpStatusCode.OK),
        Verdict = AttemptVerdict.Success,
        Duration = TimeSpan.FromMilliseconds(milliseconds),
        EndedAt = lab.Cluster.Clock.ToTimeSpan(lab.Time.GetTimestamp()),
    };

    private sealed class RecordingStrategy : ILoadBalancingStrategy
    {
        public string Name => "Recording";

        internal List<EndpointSet> Sets { get; } = [];

        public EndpointPicker CreatePicker(EndpointSet endpoints)
        {
            Sets.Add(endpoints);
            return new RoundRobinStrategy().CreatePicker(endpoints);
        }
    }
}
