namespace ClientSideLb.Tests;

/// <summary>Compares how often each endpoint was picked with its share.</summary>
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
