using CsCheck;

namespace ClientSideLb.Tests;

public sealed class AliasTableTests
{
    [Fact]
    public void Each_index_is_drawn_in_exact_proportion_to_its_weight() =>
        Gen.Int[1, 12].Array[1, 7].Sample(static weights =>
        {
            var table = new AliasTable(weights);
            var endpoints = Backends.Equal(weights.Length);

            Spread.AssertChances(endpoints, weights, random => endpoints[table.Draw(new PickContext(random))]);
        });

    [Fact]
    public void A_thousand_of_the_largest_weights_fit()
    {
        int[] weights = [.. Enumerable.Repeat(65535, 999), 1];
        var table = new AliasTable(weights);
        var context = new PickContext(new SeededRandom(3));
        var counts = new int[weights.Length];
        for (var i = 0; i < 200_000; i++)
        {
            counts[table.Draw(in context)]++;
        }

        // Each is expected 200 times; five standard deviations are 70. The light one is expected once in 65 million draws.
        Assert.All(counts[..^1], static count => Assert.InRange(count, 130, 270));
        Assert.Equal(0, counts[^1]);
    }
}
