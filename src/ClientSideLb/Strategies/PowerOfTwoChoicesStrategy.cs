namespace ClientSideLb;

/// <summary>
/// The less loaded of two distinct endpoints drawn at random, by in-flight ÷ weight. A pick costs O(1).
/// After M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (1996).
/// </summary>
/// <remarks>Of two that are loaded alike, each wins in proportion to its weight.</remarks>
internal sealed class PowerOfTwoChoicesStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.PowerOfTwoChoices;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        return new Picker(available, Weights.Of(available));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, int[] weights) : EndpointPicker
    {
        // Draws that meet only excluded endpoints are repeated; a request has tried a few endpoints at most.
        private const int Draws = 16;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (endpoints.Length == 1)
            {
                return context.IsExcluded(endpoints[0]) ? null : endpoints[0];
            }

            for (var i = 0; i < Draws; i++)
            {
                // Finagle's trick for two distinct draws without a loop: the second is from one fewer, and steps over the first.
                var first = context.Next(endpoints.Length);
                var second = context.Next(endpoints.Length - 1);
                second += second >= first ? 1 : 0;

                var (one, other) = (endpoints[first], endpoints[second]);
                if (!context.HasExclusions)
                {
                    return LessLoaded(first, second, in context) ? one : other;
                }

                switch (context.IsExcluded(one), context.IsExcluded(other))
                {
                    case (false, false):
                        return LessLoaded(first, second, in context) ? one : other;
                    case (false, true):
                        return one;
                    case (true, false):
                        return other;
                }
            }

            return context.FirstPermitted(endpoints, context.Next(endpoints.Length));
        }

        private bool LessLoaded(int first, int second, in PickContext context)
        {
            var order = Load.Compare(endpoints[first].InFlight, weights[first], endpoints[second].InFlight, weights[second]);
            if (order != 0)
            {
                return order < 0;
            }

            // Drawn first is as good as a coin where the weights are equal.
            return weights[first] == weights[second] || context.Next(weights[first] + weights[second]) < weights[first];
        }
    }
}
