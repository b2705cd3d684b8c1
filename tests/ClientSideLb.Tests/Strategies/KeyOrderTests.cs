using CsCheck;

namespace ClientSideLb.Tests;

public sealed class KeyOrderTests
{
    [Fact]
    public void Every_endpoint_is_visited() =>
        Gen.Select(Gen.Int[1, 300], Gen.ULong).Sample(static (count, hash) =>
            Assert.Equal(count, FirstVisits(new KeyOrder(Backends.Equal(count)), hash).Count));

    [Fact]
    public void The_order_does_not_depend_on_how_endpoints_are_listed() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int, Gen.ULong).Sample(static (count, seed, hash) =>
        {
            var listed = Backends.Equal(count);
            var shuffled = Backends.Equal(count);
            new SeededRandom(seed).Shuffle(shuffled);

            Assert.Equal(
                FirstVisits(new KeyOrder(listed), hash).Select(index => listed[index].Address),
                FirstVisits(new KeyOrder(shuffled), hash).Select(index => shuffled[index].Address));
        });

    // Hashes that agree in their upper bits belong to one arc of a ring, and those that agree in their remainder to one slot of a table.
    [Theory]
    [InlineData(0xABCD_0000_0000_0000, 1)]
    [InlineData(4_321, 65_537)]
    public void Keys_of_one_owner_are_spread_over_all_endpoints_at_each_place(ulong first, ulong step)
    {
        const int Endpoints = 10;
        const int Hashes = 20_000;
        var order = new KeyOrder(Backends.Equal(Endpoints));
        var counts = new int[Endpoints, Endpoints];
        for (var i = 0; i < Hashes; i++)
        {
            var walk = FirstVisits(order, first + ((ulong)i * step));
            for (var place = 0; place < Endpoints; place++)
            {
                counts[place, walk[place]]++;
            }
        }

        foreach (var count in counts)
        {
            // The standard deviation is 42.
            Assert.InRange(count, (Hashes / Endpoints) - 250, (Hashes / Endpoints) + 250);
        }
    }

    [Fact]
    public void Two_keys_with_the_same_first_endpoint_differ_in_the_second_one()
    {
        var order = new KeyOrder(Backends.Equal(10));

        var seconds = Enumerable.Range(0, 20_000).Select(i => FirstVisits(order, (ulong)i)).Where(static walk => walk[0] == 3).CountBy(static walk => walk[1]).ToList();

        // About 2,000 keys over the nine others, with a standard deviation of 14.
        Assert.Equal(9, seconds.Count);
        Assert.All(seconds, static second => Assert.InRange(second.Value, 130, 320));
    }

    private static List<int> FirstVisits(KeyOrder order, ulong hash)
    {
        var visited = new List<int>();
        foreach (var index in order.Of(hash))
        {
            visited.Add(index);
        }

        return [.. visited.Distinct()];
    }
}
