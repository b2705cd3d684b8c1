using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>What strategies compute from the weights of a set of endpoints.</summary>
internal static class Weights
{
    /// <summary>
    /// Copies the weights, so that a picker is not touched by a later change of them. While an endpoint ramps up after it was out, all
    /// weights are in finer units, and its own is that much lower.
    /// </summary>
    internal static int[] Of(ClusterEndpoint[] endpoints)
    {
        var weights = Array.ConvertAll(endpoints, static endpoint => endpoint.Weight);
        if (!AnyRamps(endpoints))
        {
            return weights;
        }

        // In whole per cents where the sum allows it; sets so large and heavy that it does not can do with coarser steps.
        var unit = (int)Math.Clamp(int.MaxValue / Math.Max(1, weights.Sum(static weight => (long)weight)), 1, SlowStartRamp.FullPercent);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Max(1, weights[i] * unit * endpoints[i].SlowStartPercent / SlowStartRamp.FullPercent);
        }

        return weights;
    }

    internal static bool AnyRamps(ClusterEndpoint[] endpoints) =>
        Array.Exists(endpoints, static endpoint => endpoint.SlowStartPercent != SlowStartRamp.FullPercent);

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
