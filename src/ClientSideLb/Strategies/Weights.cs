using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>Computes with the weights of endpoints.</summary>
internal static class Weights
{
    /// <summary>
    /// Copies the weights, slow start included, so that later changes do not affect a picker. While an endpoint is in slow start, all weights
    /// are in finer units, and the weight of that endpoint is lower.
    /// </summary>
    internal static int[] GetEffective(ClusterEndpoint[] endpoints)
    {
        var weights = Array.ConvertAll(endpoints, static endpoint => endpoint.Weight);
        if (!IsAnyInSlowStart(endpoints))
        {
            return weights;
        }

        // The unit is one per cent of a weight, unless the sum would overflow. Then the set is so large that coarser steps are fine enough.
        var unit = (int)Math.Clamp(int.MaxValue / Math.Max(1, weights.Sum(static weight => (long)weight)), 1, SlowStartRamp.FullPercent);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Max(1, weights[i] * unit * endpoints[i].SlowStartPercent / SlowStartRamp.FullPercent);
        }

        return weights;
    }

    internal static bool IsAnyInSlowStart(ClusterEndpoint[] endpoints) =>
        Array.Exists(endpoints, static endpoint => endpoint.SlowStartPercent != SlowStartRamp.FullPercent);

    internal static bool AreEqual(ReadOnlySpan<int> weights) => weights.IsEmpty || !weights.ContainsAnyExcept(weights[0]);

    /// <summary>Divides the weights by their greatest common divisor: 200, 100, 100 become 2, 1, 1.</summary>
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
