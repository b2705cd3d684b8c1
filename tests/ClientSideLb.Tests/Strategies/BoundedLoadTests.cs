using CsCheck;

namespace ClientSideLb.Tests;

/// <summary>The load factor of the strategies that hash keys.</summary>
public sealed class BoundedLoadTests
{
    private static readonly RingSettings SmallRing = RingSettings.Default with { PointsPerWeight = 20 };

    public static TheoryData<string> Strategies => [LoadBalancingStrategies.ConsistentHash, LoadBalancingStrategies.Maglev];

    // Requests come with keys of which a few are most of the traffic, and end in any order. The factor is a fraction of whole numbers, so that the bound
    // is computed without rounding.
    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_endpoint_has_more_than_its_bound_whatever_the_load(string strategy)
    {
        var genFactor = AnyOf.These((1, 1), (11, 10), (5, 4), (3, 2), (4, 1));
        var genStep = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000]);
        Gen.Select(Gen.Int[1, 5].Array[1, 9], genFactor, genStep.Array[1, 200], Gen.Int[0, 511]).Sample((weights, factor, steps, mask) =>
        {
            var endpoints = Backends.Weighted(weights);
            ClusterEndpoint[] available = [.. endpoints.Where((_, i) => (mask & (1 << i)) == 0)];
            if (available.Length == 0)
            {
                return;
            }

            var picker = Create(strategy, (double)factor.Item1 / factor.Item2, endpoints, available);
            var sum = available.Sum(static endpoint => (long)endpoint.Weight);
            var underWay = new List<ClusterEndpoint>();
            foreach (var (kind, number) in steps)
            {
                if (kind < 3 && underWay.Count > 0)
                {
                    underWay[number % underWay.Count].RemoveInFlight();
                    underWay.RemoveAt(number % underWay.Count);
                    continue;
                }

                var pick = Pick(picker, kind < 8 ? "hot" : $"key-{number}");
                pick.AddInFlight();
                underWay.Add(pick);

                // The ceiling of factor × in-flight × weight ÷ sum, with the new request among those in flight.
                var numerator = (long)factor.Item1 * underWay.Count * pick.Weight;
                var bound = (numerator + (factor.Item2 * sum) - 1) / (factor.Item2 * sum);
                Assert.True(pick.InFlight <= bound, $"{pick.InFlight} in flight of {underWay.Count} at weight {pick.Weight} of {sum}; the bound is {bound}.");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_key_stays_with_its_owner_while_that_has_room_and_returns_when_it_has_room_again(string strategy)
    {
        var endpoints = Backends.Equal(5);
        var bounded = Create(strategy, 1.25, endpoints);
        var owner = Pick(Create(strategy, null, endpoints), "hot");

        Assert.Same(owner, Pick(bounded, "hot"));
        owner.AddInFlight();
        Assert.NotSame(owner, Pick(bounded, "hot"));

        // With six in flight, the bound is ceil(1.25 × 7 ÷ 5) = 2.
        Load(endpoints.First(other => other != owner), 5);
        Assert.Same(owner, Pick(bounded, "hot"));
        owner.AddInFlight();
        Assert.NotSame(owner, Pick(bounded, "hot"));
        owner.RemoveInFlight();
        Assert.Same(owner, Pick(bounded, "hot"));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Where_a_key_goes_when_its_owner_is_full_depends_on_the_key_alone(string strategy) =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[1, 3].Array[9], Gen.Int[0, 9].Array[9]).Sample((key, weights, inFlight) =>
        {
            var endpoints = Backends.Weighted(weights);
            var order = FirstVisits(new KeyOrder(endpoints), $"key-{key}").ConvertAll(index => endpoints[index]);
            var owner = Pick(Create(strategy, null, endpoints), $"key-{key}");
            Backends.Load(endpoints, inFlight);
            Load(owner, 1_000);
            var limit = 1.5 * (endpoints.Sum(static endpoint => endpoint.InFlight) + 1) / weights.Sum();

            var pick = Pick(Create(strategy, 1.5, endpoints), $"key-{key}");

            // The others have room whatever they have in flight, because of the many requests at the owner.
            Assert.All(endpoints.Where(other => other != owner), other => Assert.True(other.InFlight < limit * other.Weight));
            Assert.Same(order.First(other => other != owner), pick);
        });

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_next_in_the_order_of_the_key_that_has_room_gets_the_request(string strategy)
    {
        var endpoints = Backends.Equal(10);
        var bounded = Create(strategy, 1, endpoints);
        var order = FirstVisits(new KeyOrder(endpoints), "hot").ConvertAll(index => endpoints[index]);
        var owner = Pick(Create(strategy, null, endpoints), "hot");
        List<ClusterEndpoint> expected = [owner, .. order.Where(other => other != owner)];

        // With a factor of 1, each gets one request before any gets a second one.
        foreach (var next in expected)
        {
            Assert.Same(next, Pick(bounded, "hot"));
            next.AddInFlight();
        }

        Assert.Same(owner, Pick(bounded, "hot"));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_keys_of_a_full_endpoint_are_spread_over_all_others(string strategy)
    {
        var endpoints = Backends.Equal(6);
        var plain = Create(strategy, null, endpoints);
        var bounded = Create(strategy, 1.25, endpoints);
        string[] own = [.. Enumerable.Range(0, 30_000).Select(static i => $"key-{i}").Where(key => Pick(plain, key) == endpoints[2])];
        Load(endpoints[2], 10);

        var counts = Spread.Count([.. endpoints.Where((_, i) => i != 2)], own.Select(key => (ClusterEndpoint?)Pick(bounded, key)));

        Spread.AssertEqualShares(counts, 0.15);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void An_endpoint_of_more_weight_has_more_room(string strategy)
    {
        var endpoints = Backends.Weighted(1, 3, 6);
        var bounded = Create(strategy, 1, endpoints);

        for (var i = 0; i < 100; i++)
        {
            Pick(bounded, "hot").AddInFlight();
        }

        Assert.Equal([10, 30, 60], endpoints.Select(static endpoint => endpoint.InFlight));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_retry_goes_to_the_least_loaded_for_its_weight_if_none_that_is_left_has_room(string strategy)
    {
        var endpoints = Backends.Weighted(1, 1, 2, 4);
        Backends.Load(endpoints, [0, 10, 18, 40]);

        var pick = Create(strategy, 1, endpoints).Pick(new PickContext(new NoRandom(), "hot", excluded: [endpoints[0]]));

        Assert.Same(endpoints[2], pick);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Requests_at_an_endpoint_that_is_out_make_no_room_at_the_others(string strategy)
    {
        var endpoints = Backends.Equal(3);
        Load(endpoints[0], 1_000);
        var bounded = Create(strategy, 1, endpoints, endpoints[1..]);

        for (var i = 0; i < 40; i++)
        {
            Pick(bounded, "hot").AddInFlight();
        }

        Assert.Equal([1_000, 20, 20], endpoints.Select(static endpoint => endpoint.InFlight));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Requests_without_a_key_keep_to_the_bound_too(string strategy)
    {
        var endpoints = Backends.Equal(4);
        var bounded = Create(strategy, 1, endpoints);
        var random = new SeededRandom(1);

        for (var i = 0; i < 40; i++)
        {
            bounded.Pick(new PickContext(random))!.AddInFlight();
        }

        Assert.Equal([10, 10, 10, 10], endpoints.Select(static endpoint => endpoint.InFlight));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Without_a_factor_an_owner_gets_all_its_keys_however_many_requests_it_has(string strategy)
    {
        var endpoints = Backends.Equal(3);
        var plain = Create(strategy, null, endpoints);
        var owner = Pick(plain, "hot");
        Load(owner, 10_000);

        Assert.Same(owner, Pick(plain, "hot"));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_changed_factor_is_heeded_at_once(string strategy)
    {
        var endpoints = Backends.Equal(3);
        var previous = Create(strategy, null, endpoints);
        var owner = Pick(previous, "hot");
        Load(owner, 10);

        var bounded = Create(strategy, 1.25, endpoints, previous: previous);
        var again = Create(strategy, null, endpoints, previous: bounded);

        Assert.NotSame(owner, Pick(bounded, "hot"));
        Assert.Same(owner, Pick(again, "hot"));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Among_a_thousand_endpoints_the_bound_holds_as_well(string strategy)
    {
        var table = new InFlightTable();
        ClusterEndpoint[] endpoints = [.. Enumerable.Range(0, 1_000).Select(i =>
            new ClusterEndpoint(new EndpointDescription(new EndpointAddress(Backends.AddressOf(i))), table.Take(1_000)))];
        var bounded = Create(strategy, 2, endpoints);

        for (var i = 0; i < 5_000; i++)
        {
            Pick(bounded, $"key-{i % 3}").AddInFlight();
        }

        Assert.Equal(10, endpoints.Max(static endpoint => endpoint.InFlight));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pick_that_passes_over_full_endpoints_allocates_nothing(string strategy)
    {
        var endpoints = Backends.Equal(8);
        var bounded = Create(strategy, 1, endpoints);
        Backends.Load(endpoints, [5, 5, 5, 5, 5, 5, 5, 0]);
        for (var i = 0; i < 1_000; i++)
        {
            Pick(bounded, "hot");
        }

        var context = new PickContext(new NoRandom(), "hot");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            bounded.Pick(in context);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Same(endpoints[7], bounded.Pick(in context));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Threads_that_pick_at_the_same_moment_exceed_the_bound_by_a_request_each_at_most(string strategy)
    {
        const int Threads = 8;
        const int Picks = 1_000;
        var endpoints = Backends.Equal(5);
        var bounded = Create(strategy, 1.25, endpoints);

        Concurrently.Run(Threads, _ =>
        {
            for (var i = 0; i < Picks; i++)
            {
                Pick(bounded, "hot").AddInFlight();
            }
        });

        Assert.Equal(Threads * Picks, endpoints.Sum(static endpoint => endpoint.InFlight));
        Assert.InRange(endpoints.Max(static endpoint => endpoint.InFlight), (1.25 * Threads * Picks / 5) - Threads, (1.25 * Threads * Picks / 5) + Threads);
    }

    [Fact]
    public void An_Envoy_compatible_ring_without_a_point_for_the_available_endpoints_keeps_to_the_bound()
    {
        var endpoints = Backends.Equal(4);
        var settings = StrategySettings.Default with { Ring = new RingSettings(160, EnvoyCompatible: true, MinRingSize: 1, MaxRingSize: 1), RingLoadFactor = 1 };
        var outside = endpoints.Where(only => Pick(new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints, endpoints, settings)), "key") != only).ToArray();
        var bounded = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints, outside, settings));

        for (var i = 0; i < 30; i++)
        {
            Pick(bounded, "key").AddInFlight();
        }

        Assert.All(outside, static endpoint => Assert.Equal(10, endpoint.InFlight));
    }

    private static EndpointPicker Create(
        string strategy, double? factor, ClusterEndpoint[] endpoints, ClusterEndpoint[]? available = null, EndpointPicker? previous = null)
    {
        var settings = new StrategySettings(SmallRing, factor, new MaglevSettings(1_009, factor), PeakEwmaSettings.Default);
        ILoadBalancingStrategy tested = strategy == LoadBalancingStrategies.Maglev ? new MaglevStrategy() : new ConsistentHashStrategy();
        return tested.CreatePicker(Backends.SetOf(endpoints, available ?? endpoints, settings, previous));
    }

    private static void Load(ClusterEndpoint endpoint, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            endpoint.AddInFlight();
        }
    }

    private static ClusterEndpoint Pick(EndpointPicker picker, string key)
    {
        var pick = picker.Pick(new PickContext(new NoRandom(), key));
        Assert.NotNull(pick);
        return pick;
    }

    private static List<int> FirstVisits(KeyOrder order, string key)
    {
        var visited = new List<int>();
        foreach (var index in order.Of(KeyHash.Of(key)))
        {
            visited.Add(index);
        }

        return [.. visited.Distinct()];
    }
}
