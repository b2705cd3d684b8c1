namespace ClientSideLb;

/// <summary>What strategies compute from the weights of a set of endpoints.</summary>
internal static class Weights
{
    /// <summary>Copies the weights, so that a picker is not touched by a later change of them.</summary>
    internal static int[] Of(ClusterEndpoint[] endpoints) => Array.ConvertAll(endpoints, static endpoint => endpoint.Weight);

    internal static bool AreEqual(ReadOnlySpan<int> weights) => weights.IsEmpty || !weights.ContainsAnyExcept(weights[0]);

    /// <summary>Divides weights by what they have in common: 200, 100, 100 is the same as 2, 1, 1.</summary>
    internal static int[] Reduce(int[] weights)
    {
        var divisor = weights.Aggregate(0, GreatestCommonDivisor);
        return divisor <= 1 ? weights : Array.ConvertAll(weights, weight => weight / divisor);
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
