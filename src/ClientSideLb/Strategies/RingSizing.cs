namespace ClientSideLb.Strategies;

/// <summary>How many points each endpoint gets on the ring, which decides what a change of membership moves.</summary>
internal static class RingSizing
{
    /// <summary>Computes the number of points for each weight, in the order given; all weights are above 0.</summary>
    internal static int[] PointsOf(int[] weights, RingSettings settings) =>
        weights.Length == 0 ? [] :
        settings.EnvoyCompatible ? AsEnvoyDoes(weights, settings) :
        ByWeightAlone(weights, settings);

    // An endpoint's points do not depend on who else is there: one that leaves moves its own keys and no others.
    private static int[] ByWeightAlone(int[] weights, RingSettings settings)
    {
        var total = weights.Sum(weight => (long)weight * settings.PointsPerWeight);
        var scale = Math.Min(1, settings.MaxRingSize / (double)total);
        return Array.ConvertAll(weights, weight => Math.Max(1, (int)((long)weight * settings.PointsPerWeight * scale)));
    }

    // RingHashLoadBalancer::Ring in Envoy; gRFC A42 for gRPC. 10 endpoints get 103 points each and 9 get 114.
    private static int[] AsEnvoyDoes(int[] weights, RingSettings settings)
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
