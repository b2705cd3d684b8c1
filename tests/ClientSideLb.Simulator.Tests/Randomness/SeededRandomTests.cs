using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Tests.Randomness;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_sequence_of_a_seed_is_that_of_the_published_algorithm()
    {
        var random = new SeededRandom(seed: 0, stream: 0);

        // From the reference implementations of xoshiro256** and SplitMix64.
        ulong[] expected = [0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C];

        Assert.All(expected, number => Assert.Equal((number >> 11) / (double)(1L << 53), random.NextDouble()));
    }

    [Fact]
    public void Numbers_are_spread_evenly_below_their_bound()
    {
        const int Bound = 7;
        const int Draws = 400_000;

        var random = new SeededRandom(1, 0);
        var counts = Enumerable.Range(0, Draws).CountBy(_ => random.Next(Bound)).ToDictionary();

        // Five standard deviations of a binomial count.
        var mean = (double)Draws / Bound;
        Assert.Equal(Enumerable.Range(0, Bound), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, mean - (5 * Math.Sqrt(mean)), mean + (5 * Math.Sqrt(mean))));
    }

    [Fact]
    public void Seeds_and_streams_have_different_numbers()
    {
        var numbers = from seed in (int[])[1, 2] from stream in (int[])[0, 1] select new SeededRandom(seed, stream).NextInt64();

        Assert.Equal(4, numbers.Distinct().Count());
    }
}
