namespace ClientSideLb.Tests;

/// <summary>Picks many times, and compares how often each endpoint was picked with its share.</summary>
internal static class Spread
{
    /// <summary>Asserts that each count is within a tolerance, relative to its share.</summary>
    internal static void AssertShares(IReadOnlyList<int> counts, IReadOnlyList<int> weights, double tolerance)
    {
        var total = counts.Sum();
        var sum = weights.Sum();
        for (var i = 0; i < counts.Count; i++)
        {
            var share = (double)total * weights[i] / sum;
            Assert.True(
                Math.Abs(counts[i] - share) <= tolerance * share,
                $"Endpoint {i} of weight {weights[i]} was picked {counts[i]} times of {total}; its share is {share:F0} ± {tolerance:P0}. All: {string.Join(", ", counts)}");
        }
    }

    internal static void AssertEqualShares(IReadOnlyList<int> counts, double tolerance) =>
        AssertShares(counts, [.. counts.Select(static _ => 1)], tolerance);

    /// <summary>Asserts the exact probability with which each endpoint is picked: its weight's share of all weights.</summary>
    internal static void AssertChances(IReadOnlyList<ClusterEndpoint> endpoints, IReadOnlyList<int> weights, Func<Random, ClusterEndpoint?> pick)
    {
        var chances = EveryDraw.Outcomes(random => pick(random)!);
        var sum = (double)weights.Sum();
        for (var i = 0; i < endpoints.Count; i++)
        {
            Assert.Equal(weights[i] / sum, chances.GetValueOrDefault(endpoints[i]), precision: 9);
        }
    }

    /// <summary>Picks a number of times with a strategy that draws no numbers.</summary>
    internal static List<ClusterEndpoint?> Pick(this EndpointPicker picker, int times, params ClusterEndpoint[] excluded)
    {
        var context = new PickContext(new NoRandom(), excluded: excluded);
        var picks = new List<ClusterEndpoint?>(times);
        for (var i = 0; i < times; i++)
        {
            picks.Add(picker.Pick(in context));
        }

        return picks;
    }

    internal static int[] Count(IReadOnlyList<ClusterEndpoint> endpoints, IEnumerable<ClusterEndpoint?> picks)
    {
        var index = endpoints.Select(static (endpoint, i) => (endpoint, i)).ToDictionary();
        var counts = new int[endpoints.Count];
        foreach (var pick in picks)
        {
            Assert.NotNull(pick);
            counts[index[pick]]++;
        }

        return counts;
    }
}
