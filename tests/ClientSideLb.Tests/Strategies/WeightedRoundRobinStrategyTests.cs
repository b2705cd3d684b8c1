using CsCheck;

namespace ClientSideLb.Tests;

public sealed class WeightedRoundRobinStrategyTests
{
    [Theory]
    [InlineData(5, 1, 1, "aabacaa")]
    [InlineData(500, 100, 100, "aabacaa")]
    [InlineData(1, 1, 1, "abc")]
    [InlineData(2, 1, 1, "abca")]
    public void Turns_are_spread_smoothly_over_the_cycle(int a, int b, int c, string cycle)
    {
        var endpoints = Backends.Weighted(a, b, c);

        for (var seed = 0; seed < 20; seed++)
        {
            var picker = new WeightedRoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints, seed));
            var turns = string.Concat(picker.Pick(cycle.Length).Select(pick => "abc"[Array.IndexOf(endpoints, pick)]));

            Assert.Contains(turns, cycle + cycle, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_window_as_long_as_a_cycle_has_the_exact_proportions() =>
        Gen.Int[1, 40].Array[1, 12].Sample(weights =>
        {
            var endpoints = Backends.Weighted(weights);
            var picker = new WeightedRoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));
            AssertExactInEveryWindow(endpoints, picker.Pick(3 * weights.Sum()));
        });

    [Theory]
    [InlineData(65535, 65521)] // Together too many turns for a table.
    [InlineData(65535, 1, 2, 40000)]
    [InlineData(1, 65535)]
    public void Large_weights_keep_the_exact_proportions(params int[] weights)
    {
        var endpoints = Backends.Weighted(weights);
        var picker = new WeightedRoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));

        AssertExactInEveryWindow(endpoints, picker.Pick(2 * weights.Sum()));
    }

    [Fact]
    public void Threads_together_keep_the_exact_proportions()
    {
        var weights = new[] { 5, 1, 3 };
        var endpoints = Backends.Weighted(weights);
        var picker = new WeightedRoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));
        var counts = new int[8][];

        Concurrently.Run(8, thread => counts[thread] = Spread.Count(endpoints, picker.Pick(9 * 1_000)));

        Assert.Equal(weights.Select(static weight => weight * 8_000), weights.Select((_, i) => counts.Sum(ofThread => ofThread[i])));
    }

    [Fact]
    public void An_endpoint_that_is_out_leaves_the_others_their_proportions()
    {
        var endpoints = Backends.Weighted(4, 2, 1);
        var picker = new WeightedRoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints, endpoints[1..]));

        Assert.Equal([0, 200, 100], Spread.Count(endpoints, picker.Pick(300)));
    }

    private static void AssertExactInEveryWindow(ClusterEndpoint[] endpoints, List<ClusterEndpoint?> picks)
    {
        var weights = Array.ConvertAll(endpoints, static endpoint => endpoint.Weight);
        var total = weights.Sum();
        var index = endpoints.Select(static (endpoint, i) => (endpoint, i)).ToDictionary();
        Assert.Equal(weights, Spread.Count(endpoints, picks.Take(total)));

        // The first window is right. Each later one loses a turn and gains one, which must belong to the same endpoint.
        for (var i = total; i < picks.Count; i++)
        {
            Assert.Equal(index[picks[i - total]!], index[picks[i]!]);
        }
    }
}
