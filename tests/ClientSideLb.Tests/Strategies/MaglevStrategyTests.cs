using CsCheck;

namespace ClientSideLb.Tests;

public sealed class MaglevStrategyTests
{
    private const int ManyKeys = 20_000;

    private static readonly StrategySettings SmallTable = WithTable(1_009);

    private static readonly Gen<int[]> GenWeights = Gen.Int[1, 5].Array[2, 8];

    private readonly MaglevStrategy _strategy = new();

    [Fact]
    public void An_outage_moves_the_keys_of_those_endpoints_only_and_they_return_with_them() =>
        Gen.Select(GenWeights, Gen.Int[1, 254]).Sample((weights, mask) =>
        {
            var endpoints = Backends.Weighted(weights);
            ClusterEndpoint[] available = [.. endpoints.Where((_, i) => (mask & (1 << i)) == 0)];
            if (available.Length == 0)
            {
                return;
            }

            var all = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, SmallTable));
            var without = _strategy.CreatePicker(Backends.SetOf(endpoints, available, SmallTable, all));
            var again = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, SmallTable, without));

            foreach (var key in Keys())
            {
                var home = Pick(all, key);
                Assert.True(available.Contains(home) ? Pick(without, key) == home : available.Contains(Pick(without, key)));
                Assert.Same(home, Pick(again, key));
            }
        });

    [Fact]
    public void A_second_outage_does_not_move_the_keys_that_the_first_one_moved_unless_they_went_to_that_endpoint() =>
        Gen.Int[3, 20].Sample(count =>
        {
            var endpoints = Backends.Equal(count);
            var one = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[1..], SmallTable));
            var two = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[2..], SmallTable));

            Assert.All(Keys(), key => Assert.True(Pick(one, key) == endpoints[1] || Pick(one, key) == Pick(two, key)));
        });

    [Fact]
    public void Few_endpoints_left_of_many_keep_their_keys_when_another_one_goes()
    {
        var endpoints = Backends.Equal(1_000);
        var three = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[..3]));
        var two = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[..2]));

        Assert.All(Keys(), key => Assert.True(Pick(three, key) == endpoints[2] || Pick(three, key) == Pick(two, key)));
        Spread.AssertEqualShares(Spread.Count(endpoints[..3], Keys(3_000).Select(key => (ClusterEndpoint?)Pick(three, key))), 0.15);
    }

    [Fact]
    public void The_keys_of_an_endpoint_that_is_out_are_spread_over_all_others()
    {
        var endpoints = Backends.Equal(5);
        var all = _strategy.CreatePicker(Backends.SetOf(endpoints));
        var without = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[1..]));

        var moved = Keys(ManyKeys).Where(key => Pick(all, key) == endpoints[0]).Select(key => (ClusterEndpoint?)Pick(without, key));

        Spread.AssertEqualShares(Spread.Count(endpoints[1..], moved), 0.2);
    }

    [Fact]
    public void An_endpoint_already_tried_is_passed_over_as_in_an_outage()
    {
        var endpoints = Backends.Weighted(1, 2, 3, 1, 1);
        var picker = _strategy.CreatePicker(Backends.SetOf(endpoints));
        var without = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints[2..]));

        Assert.All(Keys(), key => Assert.Same(
            Pick(without, key), picker.Pick(new PickContext(new NoRandom(), key, excluded: endpoints[..2]))));
    }

    [Fact]
    public void A_retry_goes_where_Envoy_sends_it()
    {
        var endpoints = Backends.Equal(10);
        var names = endpoints.Select(static endpoint => endpoint.HashName).Order(StringComparer.Ordinal).ToArray();
        var table = new MaglevTable(names, [.. names.Select(static _ => 1)], [.. Enumerable.Range(0, names.Length)], names.Length, 65_537);
        var picker = _strategy.CreatePicker(Backends.SetOf(endpoints));
        var compared = 0;

        foreach (var key in Keys())
        {
            var owner = Pick(picker, key);
            Assert.Equal(names[table.GetOwner(KeyHash.Of(key))], owner.HashName);
            var second = names[table.GetOwner(KeyHash.Of(key), attempt: 1)];
            if (second != owner.HashName)
            {
                Assert.Equal(second, picker.Pick(new PickContext(new NoRandom(), key, excluded: [owner]))!.HashName);
                compared++;
            }
        }

        Assert.InRange(compared, 100, 200);
    }

    // A ring would move 10 % and 0.1 %, the keys of the endpoint that leaves. See docs/consistent-hashing.md for the measured numbers.
    [Theory]
    [InlineData(10, 0.10, 0.13)]
    [InlineData(1_000, 0.001, 0.02)]
    public void An_endpoint_that_leaves_moves_its_own_keys_and_few_others(int count, double least, double most)
    {
        var endpoints = Backends.Equal(count);
        var before = _strategy.CreatePicker(Backends.SetOf(endpoints));
        var after = _strategy.CreatePicker(Backends.SetOf([.. endpoints[..(count / 2)], .. endpoints[((count / 2) + 1)..]]));

        var moved = Keys(ManyKeys).Count(key => Pick(before, key) != Pick(after, key));

        Assert.InRange((double)moved / ManyKeys, least * 0.8, most);
    }

    [Fact]
    public void The_order_in_which_endpoints_are_listed_does_not_move_keys() =>
        Gen.Select(GenWeights, Gen.Int).Sample((weights, seed) =>
        {
            var shuffled = Backends.Weighted(weights);
            new SeededRandom(seed).Shuffle(shuffled);

            Assert.Equal(OwnersOf(Backends.Weighted(weights), SmallTable), OwnersOf(shuffled, SmallTable));
        });

    [Fact]
    public void Keys_are_shared_out_in_proportion_to_the_weights()
    {
        var endpoints = Backends.Weighted(1, 2, 4);
        var picker = _strategy.CreatePicker(Backends.SetOf(endpoints));

        Spread.AssertShares(Spread.Count(endpoints, Keys(ManyKeys).Select(key => (ClusterEndpoint?)Pick(picker, key))), [1, 2, 4], 0.08);
    }

    [Fact]
    public void An_endpoint_drained_by_weight_0_gets_nothing()
    {
        var endpoints = Backends.Weighted(1, 2, 0);

        var owners = OwnersOf(endpoints, SmallTable, endpoints[..2]);

        Assert.DoesNotContain(endpoints[2].Address, owners);
        Assert.Equal(OwnersOf(endpoints[..2], SmallTable), owners);
    }

    [Fact]
    public void An_endpoint_without_a_slot_serves_when_only_such_endpoints_are_available()
    {
        var endpoints = Backends.Equal(20);
        var settings = WithTable(7);

        Assert.All(endpoints, only =>
            Assert.Same(only, _strategy.CreatePicker(Backends.SetOf(endpoints, [only], settings)).Pick(new PickContext(new NoRandom(), "key"))));
    }

    [Fact]
    public void A_changed_size_makes_a_new_table()
    {
        var endpoints = Backends.Weighted(1, 2, 3, 4);
        var previous = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, SmallTable));

        var reusing = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, WithTable(211), previous));
        var fresh = _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, WithTable(211)));

        Assert.Equal(Keys().Select(key => Pick(fresh, key)), Keys().Select(key => Pick(reusing, key)));
        Assert.NotEqual(Keys().Select(key => Pick(previous, key)), Keys().Select(key => Pick(reusing, key)));
    }

    [Fact]
    public void The_table_is_taken_over_while_the_members_stay_the_same()
    {
        var endpoints = Backends.Equal(10);
        var previous = _strategy.CreatePicker(Backends.SetOf(endpoints));
        var change = Backends.SetOf(endpoints, endpoints[1..], previous: previous);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _strategy.CreatePicker(change);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // A table has 65,537 bytes.
        Assert.InRange(allocated, 0, 2_000);
    }

    [Fact]
    public void Threads_that_pick_while_others_make_pickers_from_the_same_table_find_the_same_owners()
    {
        var endpoints = Backends.Weighted(1, 2, 3, 1);
        var picker = _strategy.CreatePicker(Backends.SetOf(endpoints));
        var expected = Keys().Select(key => Pick(picker, key)).ToArray();

        Concurrently.Run(8, thread =>
        {
            for (var round = 0; round < 20; round++)
            {
                var mine = thread % 2 == 0 ? picker : _strategy.CreatePicker(Backends.SetOf(endpoints, endpoints, previous: picker));
                Assert.Equal(expected, Keys().Select(key => Pick(mine, key)));
            }
        });
    }

    private static StrategySettings WithTable(int size) => StrategySettings.Default with { Maglev = MaglevSettings.Default with { TableSize = size } };

    private static IEnumerable<string> Keys(int count = 200) => Enumerable.Range(0, count).Select(static i => $"/users/{i}?page=1");

    private Uri[] OwnersOf(ClusterEndpoint[] endpoints, StrategySettings settings, ClusterEndpoint[]? available = null)
    {
        var picker = _strategy.CreatePicker(Backends.SetOf(endpoints, available ?? endpoints, settings));
        return [.. Keys().Select(key => Pick(picker, key).Address)];
    }

    private static ClusterEndpoint Pick(EndpointPicker picker, string key)
    {
        var pick = picker.Pick(new PickContext(new NoRandom(), key));
        Assert.NotNull(pick);
        return pick;
    }
}
