namespace ClientSideLb.Tests;

public sealed class SlowStartTests
{
    [Theory]
    [InlineData(LoadBalancingStrategies.RoundRobin)]
    [InlineData(LoadBalancingStrategies.WeightedRoundRobin)]
    [InlineData(LoadBalancingStrategies.Random)]
    [InlineData(LoadBalancingStrategies.LeastConnections)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    public void An_endpoint_that_comes_back_goes_from_a_tenth_of_its_share_to_all_of_it(string strategy)
    {
        var lab = BackAtATenth(Strategy(strategy));

        Spread.AssertShares(lab.Spread(8000, 2), [10, 100], tolerance: 0.12);
        lab.Advance(seconds: 5);
        Spread.AssertShares(lab.Spread(8000, 2), [55, 100], tolerance: 0.06);
        lab.Advance(seconds: 5);
        Spread.AssertShares(lab.Spread(8000, 2), [100, 100], tolerance: 0.05);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.WeightedRoundRobin)]
    [InlineData(LoadBalancingStrategies.Random)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    public void Slow_start_begins_with_a_tenth_of_the_endpoint_s_own_weight(string strategy)
    {
        var lab = new ClusterLab(0, SlowStart, Strategy(strategy));
        lab.Cluster.Update([Backends.Described(Backends.AddressOf(0).ToString(), weight: 4), Backends.Described(Backends.AddressOf(1).ToString(), weight: 2)]);
        lab.Fail(0, times: 5);
        lab.Succeed(0);

        Spread.AssertShares(lab.Spread(8000, 2), [40, 200], tolerance: 0.1);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.IpHash)]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    public void Strategies_that_hash_give_an_endpoint_that_comes_back_all_its_keys_at_once(string strategy)
    {
        var lab = new ClusterLab(5, SlowStart, Strategy(strategy));
        var before = Owners(lab);
        lab.Fail(0, times: 5);
        var without = Owners(lab);
        Assert.Equal(before.Where(owner => owner != lab[0]), without.Zip(before).Where(pair => pair.Second != lab[0]).Select(static pair => pair.First));

        lab.Succeed(0);

        Assert.Equal(10, lab[0].Record.Ramp.Percent);
        Assert.Equal(before, Owners(lab));
        lab.Advance(seconds: 5);
        Assert.Equal(before, Owners(lab));
    }

    [Fact]
    public void Endpoints_that_are_there_from_the_start_have_their_full_share()
    {
        var lab = new ClusterLab(4, SlowStart);

        Assert.All(lab.Spread(40, 4), static count => Assert.Equal(10, count));
    }

    [Fact]
    public void Endpoints_that_are_there_from_the_start_have_their_full_share_after_their_first_probes()
    {
        var lab = ClusterLab.Probed(3, SlowStart);

        for (var i = 0; i < 3; i++)
        {
            lab.Probe(i, passes: true);
        }

        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.Equal(100, endpoint.Record.Ramp.Percent));
        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));
    }

    [Fact]
    public void An_endpoint_that_joins_others_begins_with_a_tenth()
    {
        var lab = new ClusterLab(2, SlowStart);

        lab.List(3);

        Assert.Equal([100, 100, 10], Percents(lab));
        Assert.Equal([1000, 1000, 100], lab.Spread(2100, 3));
    }

    [Fact]
    public void An_endpoint_that_waits_for_its_first_probe_begins_when_the_probe_has_passed()
    {
        var lab = ClusterLab.Probed(2, SlowStart);
        lab.Probe(0, passes: true);
        lab.Probe(1, passes: true);
        lab.List(3);
        lab.Advance(seconds: 60);
        Assert.False(lab[2].IsAvailable);

        lab.Probe(2, passes: true);

        Assert.Equal([100, 100, 10], Percents(lab));
    }

    [Fact]
    public void An_endpoint_that_is_resumed_begins_with_a_tenth()
    {
        var lab = new ClusterLab(2, SlowStart);
        lab.Cluster.TryDrain(Backends.AddressOf(0));

        lab.Cluster.TryResume(Backends.AddressOf(0));

        Assert.Equal([10, 100], Percents(lab));
    }

    [Fact]
    public void An_endpoint_whose_probes_pass_again_begins_with_a_tenth()
    {
        var lab = ClusterLab.Probed(2, SlowStart);
        lab.Probe(0, passes: true);
        lab.Probe(1, passes: true);
        lab.Probe(0, passes: false, times: 2);

        lab.Probe(0, passes: true);

        Assert.Equal([10, 100], Percents(lab));
    }

    [Fact]
    public void An_endpoint_that_comes_back_has_its_full_share_at_once_without_slow_start()
    {
        var lab = new ClusterLab(2);
        lab.Fail(0, times: 5);

        lab.Succeed(0);

        Assert.Equal([100, 100], Percents(lab));
        Assert.Equal([50, 50], lab.Spread(100, 2));
    }

    [Fact]
    public void Slow_start_makes_ten_new_pickers_and_then_no_more()
    {
        var lab = BackAtATenth(new RoundRobinStrategy());
        var percents = new List<int>();
        for (var halfStep = 0; halfStep < 40; halfStep++)
        {
            var before = lab.Cluster.Snapshot;
            lab.Advance(seconds: 0.5);
            if (!ReferenceEquals(before, lab.Cluster.Snapshot))
            {
                percents.Add(lab[0].Record.Ramp.Percent);
            }
        }

        Assert.Equal([19, 28, 37, 46, 55, 64, 73, 82, 91, 100], percents);
    }

    [Fact]
    public void Two_endpoints_start_slowly_each_at_its_own_pace()
    {
        var lab = new ClusterLab(4, SlowStart);
        lab.Fail(0, times: 5);
        lab.Fail(1, times: 5);
        lab.Succeed(0);
        lab.Advance(seconds: 5);

        lab.Succeed(1);
        Assert.Equal([55, 10, 100, 100], Percents(lab));
        lab.Advance(seconds: 5);
        Assert.Equal([100, 55, 100, 100], Percents(lab));
        lab.Advance(seconds: 5);
        Assert.Equal([100, 100, 100, 100], Percents(lab));
    }

    [Fact]
    public void An_endpoint_that_is_ejected_during_slow_start_begins_again_with_a_tenth()
    {
        var lab = BackAtATenth(new RoundRobinStrategy());
        lab.Advance(seconds: 8);
        lab.Fail(0, times: 5);

        lab.Succeed(0);

        Assert.Equal([10, 100], Percents(lab));
    }

    [Fact]
    public void An_endpoint_has_its_full_share_when_slow_start_is_switched_off()
    {
        var lab = BackAtATenth(new RoundRobinStrategy());

        lab.Reload(static options => options.SlowStart = TimeSpan.Zero);

        Assert.Equal([50, 50], lab.Spread(100, 2));
    }

    [Fact]
    public void A_cluster_that_is_disposed_of_makes_no_more_pickers()
    {
        var lab = BackAtATenth(new RoundRobinStrategy());
        var before = lab.Cluster.Snapshot;

        lab.Cluster.Dispose();
        lab.Advance(seconds: 60);

        Assert.Same(before, lab.Cluster.Snapshot);
    }

    [Fact]
    public void A_cluster_that_is_disposed_of_still_observes_a_late_result()
    {
        var lab = new ClusterLab(2, SlowStart);
        lab.Fail(0, times: 5);
        lab.Cluster.Dispose();

        lab.Succeed(0);
        lab.Advance(seconds: 60);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    private static ClusterLab BackAtATenth(ILoadBalancingStrategy strategy)
    {
        var lab = new ClusterLab(2, SlowStart, strategy);
        lab.Fail(0, times: 5);
        lab.Succeed(0);
        Assert.Equal([10, 100], Percents(lab));
        return lab;
    }

    private static void SlowStart(LoadBalancingOptions options) => options.SlowStart = TimeSpan.FromSeconds(10);

    private static IEnumerable<int> Percents(ClusterLab lab) => lab.Cluster.Endpoints.Select(static endpoint => endpoint.Record.Ramp.Percent);

    private static ILoadBalancingStrategy Strategy(string name) => name switch
    {
        LoadBalancingStrategies.RoundRobin => new RoundRobinStrategy(),
        LoadBalancingStrategies.WeightedRoundRobin => new WeightedRoundRobinStrategy(),
        LoadBalancingStrategies.Random => new RandomStrategy(),
        LoadBalancingStrategies.LeastConnections => new LeastConnectionsStrategy(),
        LoadBalancingStrategies.PowerOfTwoChoices => new PowerOfTwoChoicesStrategy(),
        LoadBalancingStrategies.IpHash => new IpHashStrategy(),
        LoadBalancingStrategies.Maglev => new MaglevStrategy(),
        _ => new ConsistentHashStrategy(),
    };

    private static List<ClusterEndpoint> Owners(ClusterLab lab) =>
        [.. Enumerable.Range(0, 500).Select(i =>
        {
            var context = new PickContext(new SeededRandom(1), $"key {i}", new System.Net.IPAddress(1_000_003L * i));
            return lab.Cluster.Snapshot.GetView(httpsOnly: false).Find(in context, EndpointSearch.Available, out _)!;
        })];
}
