using System.Net;

namespace ClientSideLb.Tests;

/// <summary>The behaviour that all strategies have in common.</summary>
public abstract class StrategyConformance
{
    private const int Seed = 20240229;

    private readonly SeededRandom _random = new(Seed);

    /// <summary>Gets the strategy under test.</summary>
    protected abstract ILoadBalancingStrategy Strategy { get; }

    /// <summary>Gets the tolerance of a share after 20,000 picks over ten equal endpoints: five standard deviations of random picks.</summary>
    protected virtual double Tolerance => 0.11;

    /// <summary>Gets the tolerance of a share if each of 2,000 clients picks once, so that only their random starts spread them.</summary>
    protected virtual double StartTolerance => 0.35;

    [Fact]
    public void Equal_endpoints_get_equal_shares()
    {
        var endpoints = Backends.Equal(10);

        Spread.AssertEqualShares(CountPicks(endpoints, endpoints), Tolerance);
    }

    [Fact]
    public void Two_available_endpoints_get_half_each()
    {
        var endpoints = Backends.Equal(5);

        Spread.AssertEqualShares(CountPicks(endpoints, [endpoints[1], endpoints[4]]), 2 * Tolerance);
    }

    [Fact]
    public void A_pick_is_available_and_not_excluded()
    {
        const int Count = 5;
        var endpoints = Backends.Weighted(1, 2, 1, 3, 1);
        for (var availableMask = 1; availableMask < 1 << Count; availableMask++)
        {
            var available = Masked(endpoints, availableMask);
            var picker = Strategy.CreatePicker(Backends.SetOf(endpoints, available));
            for (var excludedMask = 0; excludedMask < 1 << Count; excludedMask++)
            {
                var excluded = Masked(endpoints, excludedMask);
                ClusterEndpoint[] permitted = [.. available.Except(excluded)];
                for (var caller = 0; caller < 8; caller++)
                {
                    var pick = picker.Pick(ContextOf(caller, excluded));
                    Assert.True(
                        permitted.Length == 0 ? pick is null : permitted.Contains(pick),
                        $"Available {availableMask:b}, excluded {excludedMask:b}: picked {pick?.ToString() ?? "none"}.");
                }
            }
        }
    }

    [Fact]
    public void The_only_untried_endpoint_is_picked_however_heavy_the_others_are()
    {
        var endpoints = Backends.Weighted(65535, 1, 65535, 65535);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, new RingSettings(1, false, 1, 4096)));
        ClusterEndpoint[] excluded = [endpoints[0], endpoints[2], endpoints[3]];

        Assert.All(Enumerable.Range(0, 100), caller => Assert.Same(endpoints[1], picker.Pick(ContextOf(caller, excluded))));
    }

    [Fact]
    public void No_endpoint_is_picked_if_all_are_excluded()
    {
        var endpoints = Backends.Equal(4);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints));

        Assert.All(Enumerable.Range(0, 20), caller => Assert.Null(picker.Pick(ContextOf(caller, endpoints))));
    }

    [Fact]
    public void One_endpoint_gets_everything()
    {
        var endpoints = Backends.Equal(1);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints));

        Assert.All(Enumerable.Range(0, 100), caller => Assert.Same(endpoints[0], picker.Pick(ContextOf(caller))));
        Assert.Null(picker.Pick(ContextOf(0, endpoints)));
    }

    [Fact]
    public void Requests_without_a_hash_key_and_a_caller_are_spread_too()
    {
        var endpoints = Backends.Equal(3);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints));

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 3_000).Select(_ => picker.Pick(new PickContext(_random))));

        Spread.AssertEqualShares(counts, 0.2);
    }

    [Fact]
    public void Eight_threads_at_once_are_served_with_equal_shares()
    {
        const int Threads = 8;
        const int Picks = 5_000;
        var endpoints = Backends.Equal(10);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints));
        var picks = new ClusterEndpoint?[Threads * Picks];

        Concurrently.Run(Threads, thread =>
        {
            for (var i = thread * Picks; i < (thread + 1) * Picks; i++)
            {
                picks[i] = picker.Pick(ContextOf(i));
            }
        });

        Spread.AssertEqualShares(Spread.Count(endpoints, picks), Tolerance);
    }

    [Fact]
    public void Threads_that_exclude_endpoints_meet_no_excluded_one()
    {
        var endpoints = Backends.Weighted(5, 1, 1, 3);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints));

        Concurrently.Run(8, thread =>
        {
            ClusterEndpoint[] excluded = [endpoints[thread % 4], endpoints[(thread + 1) % 4], endpoints[(thread + 2) % 4]];
            for (var i = 0; i < 1_000; i++)
            {
                Assert.Same(endpoints[(thread + 3) % 4], picker.Pick(ContextOf(i, excluded)));
            }
        });
    }

    [Fact]
    public void A_pick_allocates_nothing()
    {
        var picker = Strategy.CreatePicker(Backends.SetOf(Backends.Weighted(3, 1, 2, 1)));
        var context = new PickContext(_random, hashKey: "Jürgen/42", clientIp: IPAddress.Parse("2001:db8::42"));

        AssertNothingIsAllocated(picker, context);
    }

    [Fact]
    public void A_pick_of_a_retry_allocates_nothing()
    {
        var endpoints = Backends.Weighted(3, 1, 2, 1);
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[1..]));
        var tried = new TriedEndpoints();
        tried.Add(endpoints[2]);
        tried.Add(endpoints[0]);
        var context = new PickContext(_random, new FixedKeys("Jürgen/42", IPAddress.Parse("192.0.2.42")), new object(), tried, now: TimeSpan.Zero);

        AssertNothingIsAllocated(picker, context);
    }

    [Fact]
    public void Each_of_a_thousand_endpoints_gets_its_turn()
    {
        var endpoints = Backends.Equal(1_000);

        // With 20 picks expected for each, the chance that random picks leave one out is 1000 · e^-20.
        Assert.All(CountPicks(endpoints, endpoints), static count => Assert.True(count > 0));
    }

    [Fact]
    public void Clients_that_start_together_do_not_all_begin_with_the_same_endpoint()
    {
        var endpoints = Backends.Equal(10);
        ClusterEndpoint? FirstPickOf(int client) => Strategy.CreatePicker(new EndpointSet(endpoints, endpoints, _random)).Pick(ContextOf(client));

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 2_000).Select(FirstPickOf));

        Spread.AssertEqualShares(counts, StartTolerance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_picker_made_after_another_picks_as_a_fresh_one_does(bool sameMembers)
    {
        var before = Backends.Weighted(1, 3, 2, 1, 1, 4);
        var after = sameMembers ? before : [.. before[2..], Backends.At("http://10.9.9.9:80", weight: 2)];
        var previous = Strategy.CreatePicker(Backends.SetOf(before));

        var reusing = Strategy.CreatePicker(Backends.SetOf(after, after[1..], previous: previous));
        var fresh = Strategy.CreatePicker(Backends.SetOf(after, after[1..]));

        Assert.Equal(FirstPicks(fresh), FirstPicks(reusing));
    }

    [Fact]
    public void A_picker_made_after_another_uses_a_changed_weight()
    {
        var before = Backends.Weighted(1, 1, 1);
        var previous = Strategy.CreatePicker(Backends.SetOf(before));
        before[1].SetDescription(new EndpointDescription(before[1].Location, Weight: 9));
        ClusterEndpoint[] after = [.. before];

        var reusing = Strategy.CreatePicker(Backends.SetOf(after, after, previous: previous));
        var fresh = Strategy.CreatePicker(Backends.SetOf(after, after));

        Assert.Equal(FirstPicks(fresh), FirstPicks(reusing));
    }

    /// <summary>Makes the context of one of many callers, each with a key and an address of its own.</summary>
    private protected PickContext ContextOf(int caller, ClusterEndpoint[]? excluded = null) => new(
        _random,
        hashKey: $"/orders/{caller}",
        clientIp: new IPAddress([198, 18, (byte)(caller >> 8), (byte)caller]),
        excluded);

    private int[] CountPicks(ClusterEndpoint[] endpoints, ClusterEndpoint[] available)
    {
        var picker = Strategy.CreatePicker(Backends.SetOf(endpoints, available));
        return Spread.Count(available, Enumerable.Range(0, 20_000).Select(caller => picker.Pick(ContextOf(caller))));
    }

    private static List<ClusterEndpoint?> FirstPicks(EndpointPicker picker)
    {
        var random = new SeededRandom(Seed);
        return [.. Enumerable.Range(0, 500).Select(i =>
            picker.Pick(new PickContext(random, $"key-{i}", new IPAddress([203, 0, (byte)(i >> 8), (byte)i]))))];
    }

    private static ClusterEndpoint[] Masked(ClusterEndpoint[] endpoints, int mask) =>
        [.. endpoints.Where((_, index) => (mask & (1 << index)) != 0)];

    private static void AssertNothingIsAllocated(EndpointPicker picker, in PickContext context)
    {
        for (var i = 0; i < 1_000; i++)
        {
            picker.Pick(in context);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            picker.Pick(in context);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
