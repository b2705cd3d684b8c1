namespace ClientSideLb.Strategies;

/// <summary>Computes how many points each endpoint gets on the ring. This decides which keys a change of membership moves.</summary>
internal static class RingSizing
{
    /// <summary>Computes the number of points for each weight, in the given order. All weights must be above 0.</summary>
    internal static int[] CountPoints(int[] weights, RingSettings settings) =>
        weights.Length == 0 ? [] :
        settings.EnvoyCompatible ? CountLikeEnvoy(weights, settings) :
        CountByWeight(weights, settings);

    // The points of an endpoint do not depend on the other endpoints, unless the ring has its greatest size. Therefore an endpoint that leaves
    // moves only its own keys.
    private static int[] CountByWeight(int[] weights, RingSettings settings)
    {
        var total = weights.Sum(weight => (long)weight * settings.PointsPerWeight);
        var scale = Math.Min(1, settings.MaxRingSize / (double)total);
        return Array.ConvertAll(weights, weight => Math.Max(1, (int)((long)weight * settings.PointsPerWeight * scale)));
    }

    // This is the algorithm of RingHashLoadBalancer::Ring in Envoy, which gRPC has too (gRFC A42). For example, 10 endpoints get 103 points
    // each, and 9 endpoints get 114 each.
    private static int[] CountLikeEnvoy(int[] weights, RingSettings settings)
    {
        var sum = (double)weights.Sum(static weight => (long)weight);
        var least = weights.Min() / sum;
        var scale = Math.Min(Math.Ceiling(least * settings.MinRingSize) / least, settings.MaxRingSize);

        var counts = new int[weights.Length];
        var count = 0L;
        var target = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            target += scale * (weights[i] / sum);
            while (count < target)
            {
                counts[i]++;
                count++;
            }
        }

        return counts;
    }
}
