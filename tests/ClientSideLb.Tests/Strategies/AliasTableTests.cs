using CsCheck;

namespace ClientSideLb.Tests;

public sealed class AliasTableTests
{
    [Fact]
    public void Over_all_draws_there_are_each_index_comes_up_in_exact_proportion() =>
        Gen.Int[1, 12].Array[1, 7].Sample(weights =>
        {
            var table = new AliasTable(weights);
            var height = weights.Sum();
            var counts = new int[weights.Length];
            for (var column = 0; column < weights.Length; column++)
            {
                for (var row = 0; row < height; row++)
                {
                    counts[table.Draw(new PickContext(new ScriptedRandom(column, row)))]++;
                }
            }

            Assert.Equal(weights.Select(weight => weight * weights.Length), counts);
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

        // 200 are expected of each; five standard deviations are 70. The light one is expected once in 65 million draws.
        Assert.All(counts[..^1], static count => Assert.InRange(count, 130, 270));
        Assert.Equal(0, counts[^1]);
    }
}
