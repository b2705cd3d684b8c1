using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

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

        // Of more there are more ordered pairs than an int can tell apart.
        private const int MostForOneDraw = 46_341;

        private readonly bool _weighAlike = Weights.AreEqual(weights);

        // Counts are read where they are: the endpoints themselves are often not in a cache.
        private readonly InFlightPlace[] _places = Array.ConvertAll(endpoints, static endpoint => endpoint.Place);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions || endpoints.Length == 1)
            {
                return PickPermitted(in context);
            }

            var (first, second) = DrawTwo(in context);
            return endpoints[LessLoaded(first, second, in context)];
        }

        private ClusterEndpoint? PickPermitted(in PickContext context)
        {
            for (var i = 0; i < Draws && endpoints.Length > 1; i++)
            {
                var (first, second) = DrawTwo(in context);
                switch (context.IsExcluded(endpoints[first]), context.IsExcluded(endpoints[second]))
                {
                    case (false, false):
                        return endpoints[LessLoaded(first, second, in context)];
                    case (false, true):
                        return endpoints[first];
                    case (true, false):
                        return endpoints[second];
                }
            }

            return context.FindPermitted(endpoints, endpoints.Length == 1 ? 0 : context.Next(endpoints.Length));
        }

        // Finagle's trick for two distinct draws without a loop: the second is from one fewer, and steps over the first. A draw is the larger
        // part of a pick, and so one makes both: 11 ns instead of 14.
        private (int First, int Second) DrawTwo(in PickContext context)
        {
            var others = endpoints.Length - 1;
            var (first, second) = endpoints.Length <= MostForOneDraw
                ? Math.DivRem(context.Next(endpoints.Length * others), others)
                : (context.Next(endpoints.Length), context.Next(others));
            return (first, second + IsNegative(first - second - 1));
        }

        private int LessLoaded(int first, int second, in PickContext context)
        {
            var inFlight = Volatile.Read(ref _places[first].Count);
            var otherInFlight = Volatile.Read(ref _places[second].Count);
            if (_weighAlike)
            {
                // Of two that are loaded alike the one drawn first: that is as good as a coin.
                return first + (IsNegative(otherInFlight - inFlight) * (second - first));
            }

            var order = Load.Compare(inFlight, weights[first], otherInFlight, weights[second]);
            if (order == 0 && weights[first] != weights[second])
            {
                order = context.Next(weights[first] + weights[second]) < weights[first] ? -1 : 1;
            }

            return order <= 0 ? first : second;
        }

        // 1 or 0, without a branch: drawn at random it would be mispredicted every other time, which costs a pick about 3 ns each.
        private static int IsNegative(int difference) => (int)((uint)difference >> 31);
    }
}
