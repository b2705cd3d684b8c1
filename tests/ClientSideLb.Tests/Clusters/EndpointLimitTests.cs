using System.Net;

namespace ClientSideLb.Tests;

/// <summary>No endpoint has more requests in flight than its limit.</summary>
public sealed class EndpointLimitTests
{
    [Fact]
    public void By_default_there_is_no_limit()
    {
        var lab = new ClusterLab(1);

        Assert.All(Enumerable.Range(0, 500), _ => Assert.NotNull(lab.Acquire()));
        Assert.Null(lab[0].Limit);
    }

    [Theory]
    [ClassData(typeof(EveryStrategy))]
    public void Every_strategy_finds_room_while_there_is_any_and_exceeds_no_limit(string strategy)
    {
        var lab = new ClusterLab(7, static options => options.Concurrency.MaxInFlightPerEndpoint = 3, Find(strategy));

        // All requests have the same key, so that a strategy that hashes would send them to one endpoint.
        Assert.All(Enumerable.Range(0, 21), _ => Assert.NotNull(lab.Acquire()));

        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.Equal(3, endpoint.InFlight));
        Assert.Null(lab.Acquire());
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    [InlineData(LoadBalancingStrategies.IpHash)]
    public void What_its_owner_has_no_room_for_goes_where_it_would_go_if_the_owner_were_excluded(string strategy)
    {
        var lab = new ClusterLab(7, static options => options.Concurrency.MaxInFlightPerEndpoint = 1, Find(strategy));
        var overflow = Enumerable.Range(0, 7).Select(_ => Take(lab)!.Endpoint).ToList();

        var without = new ClusterLab(7, strategy: Find(strategy));
        var order = new List<Uri>();
        while (order.Count < 7)
        {
            order.Add(Take(without, [.. without.Cluster.Endpoints.Where(endpoint => order.Contains(endpoint.Address))])!.Endpoint.Address);
        }

        Assert.Equal(order, overflow.Select(static endpoint => endpoint.Address));
    }

    [Fact]
    public void A_strategy_that_ignores_exclusions_is_overruled()
    {
        var lab = new ClusterLab(3, static options => options.Concurrency.MaxInFlightPerEndpoint = 2, new Stubborn());

        Assert.All(Enumerable.Range(0, 6), _ => Assert.NotNull(lab.Acquire()));

        Assert.Null(lab.Acquire());
        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.Equal(2, endpoint.InFlight));
    }

    [Fact]
    public void Limits_are_in_proportion_to_the_weights_and_at_least_1()
    {
        var lab = new ClusterLab(0, static options => options.Concurrency.MaxInFlightPerEndpoint = 10);
        lab.Cluster.Update([Described(0, weight: 4), Described(1, weight: 2), Described(2, weight: 3), Described(3, weight: 0)]);
        Assert.Equal([10, 5, 7, 1], lab.Cluster.Endpoints.Select(static endpoint => endpoint.Limit));

        lab.Cluster.Update([Described(0, weight: 100), Described(1, weight: 2)]);
        Assert.Equal([10, 1], lab.Cluster.Endpoints.Select(static endpoint => endpoint.Limit));
    }

    [Fact]
    public void A_reload_sets_changes_and_removes_the_limits()
    {
        var lab = new ClusterLab(1);
        var leases = Enumerable.Range(0, 3).Select(_ => lab.Acquire()!).ToList();

        lab.Reload(static options => options.Concurrency.MaxInFlightPerEndpoint = 2);
        Assert.Equal(2, lab[0].Limit);
        Assert.Null(lab.Acquire());
        leases[0].Release();
        Assert.Null(lab.Acquire());
        leases[1].Release();
        Assert.NotNull(lab.Acquire());

        lab.Reload(static _ => { });
        Assert.Null(lab[0].Limit);
        Assert.NotNull(lab.Acquire());
    }

    [Fact]
    public void The_limit_grows_with_slow_start()
    {
        var lab = new ClusterLab(1, static options =>
        {
            options.SlowStart = TimeSpan.FromSeconds(100);
            options.Concurrency.MaxInFlightPerEndpoint = 50;
        });
        lab.List(2);

        Assert.Equal((50, 5), (lab[0].Limit, lab[1].Limit));
        lab.Advance(50);
        Assert.Equal(27, lab[1].Limit);
        for (var i = 0; i < 6; i++)
        {
            lab.Advance(10);
        }

        Assert.Equal(50, lab[1].Limit);
    }

    [Fact]
    public void The_limit_holds_in_panic()
    {
        var lab = ClusterLab.Probed(2, static options => options.Concurrency.MaxInFlightPerEndpoint = 2);
        lab.Probe(0, passes: false, times: 3);
        lab.Probe(1, passes: false, times: 3);
        Assert.True(lab.Cluster.InPanic);

        Assert.All(Enumerable.Range(0, 4), _ => Assert.NotNull(lab.Acquire()));

        Assert.Null(lab.Acquire());
    }

    [Fact]
    public void A_trial_waits_until_its_endpoint_has_room()
    {
        var lab = new ClusterLab(2, static options =>
        {
            options.Concurrency.MaxInFlightPerEndpoint = 2;
            options.OutlierDetection.ConsecutiveFailures = 2;
        });
        var held = new[] { lab.SendTo(0), lab.SendTo(0) };
        Array.ForEach(held, lease => lab.Cluster.Observe(lease, AttemptVerdict.Failure, isAnswered: false));
        lab.LetEjectionPass(0);
        var other = lab.Acquire()!;
        Assert.Equal((false, 2), (other.IsTrial, lab[0].InFlight));
        Assert.Same(lab[1], other.Endpoint);

        held[0].Release();

        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void The_last_resort_has_limits_too()
    {
        var lab = new ClusterLab(2, static options =>
        {
            options.Concurrency.MaxInFlightPerEndpoint = 2;
            options.OutlierDetection.ConsecutiveFailures = 1;
        });
        lab.Fail(0);
        var tried = new TriedEndpoints(lab[1]);
        EndpointLease? Move()
        {
            var lease = lab.Cluster.AcquireUntried(new FixedKeys("key", IPAddress.Loopback), this, new TriedEndpoints(lab[1]), TestCluster.AnyEndpoint, out var shortage);
            Assert.Equal(lease is null, shortage.IsFull);
            return lease;
        }

        Assert.True(lab.Cluster.MayMove(tried, httpsOnly: false));
        Assert.Equal([lab[0], lab[0]], [Move()!.Endpoint, Move()!.Endpoint]);

        Assert.Null(Move());
        Assert.False(lab.Cluster.MayMove(tried, httpsOnly: false));
    }

    [Fact]
    public void A_level_that_is_full_passes_on_to_the_next_one()
    {
        var lab = new ClusterLab(0, static options => options.Concurrency.MaxInFlightPerEndpoint = 2);
        lab.Cluster.Update([Described(0, priority: 0), Described(1, priority: 0), Described(2, priority: 1), Described(3, priority: 2)]);

        var priorities = Enumerable.Range(0, 8).Select(_ => lab.Acquire()!.Endpoint.Priority);

        Assert.Equal([0, 0, 0, 0, 1, 1, 2, 2], priorities);
        Assert.Null(lab.Acquire());
    }

    [Fact]
    public void A_full_endpoint_of_another_level_does_not_count_as_one_that_was_tried()
    {
        // The endpoint of the second level is full. A request that moves looks at the level where it was, and not behind the full one.
        var lab = new ClusterLab(0, static options => options.Concurrency.MaxInFlightPerEndpoint = 1, new FirstPermitted());
        lab.Cluster.Update([Described(0, priority: 0), Described(1, priority: 0), Described(2, priority: 1), Described(3, priority: 2)]);
        lab.SendTo(2);
        lab.SendTo(0);

        Assert.Same(lab[1], lab.Acquire()!.Endpoint);
    }

    private static EndpointLease? Take(ClusterLab lab, params ClusterEndpoint[] excluded) => lab.Cluster.Acquire(
        new PickContext(new SeededRandom(1), "key", IPAddress.Parse("192.0.2.7"), excluded), TestCluster.AnyEndpoint);

    private static EndpointDescription Described(int index, int weight = 1, int priority = 0) =>
        Backends.Described(Backends.AddressOf(index).ToString(), weight) with { Priority = priority };

    private static ILoadBalancingStrategy Find(string name) => name switch
    {
        LoadBalancingStrategies.RoundRobin => new RoundRobinStrategy(),
        LoadBalancingStrategies.WeightedRoundRobin => new WeightedRoundRobinStrategy(),
        LoadBalancingStrategies.Random => new RandomStrategy(),
        LoadBalancingStrategies.LeastConnections => new LeastConnectionsStrategy(),
        LoadBalancingStrategies.PowerOfTwoChoices => new PowerOfTwoChoicesStrategy(),
        LoadBalancingStrategies.IpHash => new IpHashStrategy(),
        LoadBalancingStrategies.ConsistentHash => new ConsistentHashStrategy(),
        LoadBalancingStrategies.Maglev => new MaglevStrategy(),
        _ => new PeakEwmaStrategy(),
    };

    private sealed class FirstPermitted : ILoadBalancingStrategy
    {
        public string Name => "FirstPermitted";

        public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints);

        private sealed class Picker(EndpointSet endpoints) : EndpointPicker
        {
            public override ClusterEndpoint? Pick(in PickContext context) => context.FindPermitted(endpoints.Available, 0);
        }
    }

    private sealed class Stubborn : ILoadBalancingStrategy
    {
        public string Name => "Stubborn";

        public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(endpoints.Available[0]);

        private sealed class Picker(ClusterEndpoint first) : EndpointPicker
        {
            public override ClusterEndpoint? Pick(in PickContext context) => first;
        }
    }
}
