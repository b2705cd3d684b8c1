using CsCheck;

namespace ClientSideLb.Tests;

public sealed class ConsistentHashStrategyTests
{
    private static readonly RingSettings SmallRing = RingSettings.Default with { PointsPerWeight = 40 };

    // Two to eight backends, each with a weight, and one more to join or leave.
    private static readonly Gen<int[]> GenWeights = Gen.Int[1, 5].Array[2, 8];

    [Fact]
    public void An_endpoint_that_leaves_moves_its_own_keys_and_no_others() =>
        Gen.Select(GenWeights, Gen.Int[0, 7]).Sample((weights, which) =>
        {
            var leaver = Backends.AddressOf(which % weights.Length);
            var before = OwnersOf(Backends.Weighted(weights));
            var after = OwnersOf([.. Backends.Weighted(weights).Where(endpoint => endpoint.Address != leaver)]);

            for (var key = 0; key < before.Length; key++)
            {
                Assert.True(before[key] == leaver ? after[key] != leaver : after[key] == before[key]);
            }
        });

    [Fact]
    public void An_endpoint_that_joins_takes_its_share_and_moves_nothing_else() =>
        GenWeights.Sample(weights =>
        {
            var joiner = Backends.AddressOf(weights.Length - 1);
            var before = OwnersOf(Backends.Weighted(weights)[..^1]);
            var after = OwnersOf(Backends.Weighted(weights));

            Assert.All(before.Zip(after), pair => Assert.True(pair.Second == pair.First || pair.Second == joiner));
            Assert.Contains(joiner, after);
        });

    [Fact]
    public void A_changed_weight_moves_keys_to_or_from_that_endpoint_alone() =>
        Gen.Select(GenWeights, Gen.Int[0, 7], Gen.Int[1, 9]).Sample((weights, which, weight) =>
        {
            which %= weights.Length;
            var changed = Backends.AddressOf(which);
            var before = OwnersOf(Backends.Weighted(weights));
            var after = OwnersOf(Backends.Weighted([.. weights.Select((old, i) => i == which ? weight : old)]));

            for (var key = 0; key < before.Length; key++)
            {
                var stays = before[key] == after[key];
                var moves = weight > weights[which] ? after[key] == changed : before[key] == changed;
                Assert.True(stays || moves, $"Weight {weights[which]} became {weight}, and a key moved from {before[key]} to {after[key]}.");
            }
        });

    [Fact]
    public void An_outage_moves_the_keys_of_that_endpoint_only_and_they_return_with_it() =>
        Gen.Select(GenWeights, Gen.Int[0, 7]).Sample((weights, which) =>
        {
            var endpoints = Backends.Weighted(weights);
            var outage = endpoints[which % weights.Length];
            var strategy = new ConsistentHashStrategy();
            var all = strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, SmallRing));
            var without = strategy.CreatePicker(Backends.SetOf(endpoints, [.. endpoints.Where(endpoint => endpoint != outage)], SmallRing, all));
            var again = strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, SmallRing, without));

            foreach (var key in Keys)
            {
                var home = Pick(all, key);
                Assert.True(home == outage ? Pick(without, key) != outage : Pick(without, key) == home);
                Assert.Same(home, Pick(again, key));
            }
        });

    [Fact]
    public void An_endpoint_drained_by_weight_0_gets_nothing_and_the_others_keep_their_keys()
    {
        var before = OwnersOf(Backends.Weighted(1, 2, 1));
        var endpoints = Backends.Weighted(1, 2, 0);

        var after = OwnersOf(endpoints, endpoints[..2]);

        var drained = endpoints[2].Address;
        Assert.DoesNotContain(drained, after);
        Assert.All(before.Zip(after), pair => Assert.True(pair.First == drained || pair.First == pair.Second));
    }

    [Fact]
    public void The_order_in_which_endpoints_are_listed_does_not_move_keys() =>
        Gen.Select(GenWeights, Gen.Int, Gen.Bool).Sample((weights, seed, asEnvoy) =>
        {
            var settings = SmallRing with { EnvoyCompatible = asEnvoy, MinRingSize = 100 };
            var shuffled = Backends.Weighted(weights);
            new SeededRandom(seed).Shuffle(shuffled);

            Assert.Equal(OwnersOf(Backends.Weighted(weights), settings: settings), OwnersOf(shuffled, settings: settings));
        });

    [Fact]
    public void Keys_are_shared_out_in_proportion_to_the_weights()
    {
        var endpoints = Backends.Weighted(1, 2, 4);
        var picker = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints));

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 20_000).Select(i => (ClusterEndpoint?)Pick(picker, $"user-{i}")));

        // With 160 points, the standard deviation of the lightest endpoint's share is 8 %.
        Spread.AssertShares(counts, [1, 2, 4], 0.25);
    }

    [Fact]
    public void Endpoints_that_differ_in_base_path_alone_share_the_keys()
    {
        ClusterEndpoint[] endpoints = [Backends.At("http://10.0.0.1:80/blue"), Backends.At("http://10.0.0.1:80/green")];
        var picker = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints));

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 10_000).Select(i => (ClusterEndpoint?)Pick(picker, $"user-{i}")));

        Spread.AssertEqualShares(counts, 0.25);
    }

    [Fact]
    public void A_slash_at_the_end_of_an_address_moves_no_key()
    {
        Uri[] HostsAndPaths(params string[] addresses) =>
            [.. OwnersOf([.. addresses.Select(static address => Backends.At(address))])
                .Select(static owner => new Uri(owner.AbsoluteUri.TrimEnd('/')))];

        Assert.Equal(
            HostsAndPaths("http://10.0.0.1/a/", "http://10.0.0.2/", "http://10.0.0.3/b"),
            HostsAndPaths("http://10.0.0.1/a", "http://10.0.0.2", "http://10.0.0.3/b/"));
    }

    [Fact]
    public void A_pick_passes_over_an_endpoint_already_tried_as_in_an_outage()
    {
        var endpoints = Backends.Equal(5);
        var picker = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints));
        var without = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints, endpoints[1..]));

        Assert.All(Keys, key => Assert.Same(
            Pick(without, key), picker.Pick(new PickContext(new NoRandom(), key, excluded: [endpoints[0]]))));
    }

    [Fact]
    public void Changed_settings_make_a_new_ring()
    {
        var endpoints = Backends.Weighted(1, 2, 3, 4);
        var strategy = new ConsistentHashStrategy();
        var previous = strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, SmallRing));
        var settings = SmallRing with { PointsPerWeight = 7 };

        var reusing = strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, settings, previous));
        var fresh = strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, settings));

        Assert.Equal(Keys.Select(key => Pick(fresh, key)), Keys.Select(key => Pick(reusing, key)));
        Assert.NotEqual(Keys.Select(key => Pick(previous, key)), Keys.Select(key => Pick(reusing, key)));
    }

    [Fact]
    public void An_Envoy_compatible_ring_too_small_for_all_endpoints_still_serves_when_only_those_without_a_point_are_available()
    {
        var endpoints = Backends.Equal(4);
        var settings = new RingSettings(160, EnvoyCompatible: true, MinRingSize: 2, MaxRingSize: 2);

        foreach (var only in endpoints)
        {
            var picker = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints, [only], settings));
            Assert.Same(only, picker.Pick(new PickContext(new SeededRandom(1), "key")));
        }
    }

    private static IEnumerable<string> Keys => Enumerable.Range(0, 200).Select(static i => $"/users/{i}?page=1");

    private static Uri[] OwnersOf(ClusterEndpoint[] endpoints, ClusterEndpoint[]? available = null, RingSettings? settings = null)
    {
        var picker = new ConsistentHashStrategy().CreatePicker(Backends.SetOf(endpoints, available ?? endpoints, settings ?? SmallRing));
        return [.. Keys.Select(key => Pick(picker, key).Address)];
    }

    private static ClusterEndpoint Pick(EndpointPicker picker, string key)
    {
        var pick = picker.Pick(new PickContext(new NoRandom(), key));
        Assert.NotNull(pick);
        return pick;
    }
}
