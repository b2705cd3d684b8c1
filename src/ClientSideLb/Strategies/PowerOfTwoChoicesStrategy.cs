using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Draws two distinct endpoints at random and picks the less loaded one, by in-flight ÷ weight. A pick costs O(1).
/// The method is that of M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (1996).
/// </summary>
/// <remarks>If both loads are equal, each endpoint wins in proportion to its weight.</remarks>
internal sealed class PowerOfTwoChoicesStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.PowerOfTwoChoices;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        return new Picker(available, Weights.GetEffective(available));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, int[] weights) : EndpointPicker
    {
        // A draw of two excluded endpoints is repeated. A request has tried a few endpoints at most, so a few draws are enough.
        private const int Draws = 16;

        // The greatest number of endpoints whose ordered pairs can be numbered with an int.
        private const int MostForOneDraw = 46_341;

        private readonly bool _weighAlike = Weights.AreEqual(weights);

        // A pick reads the counts through their places, because the endpoint objects are often not in the processor's cache.
        private readonly InFlightPlace[] _places = Array.ConvertAll(endpoints, static endpoint => endpoint.Place);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions || endpoints.Length == 1)
            {
                return PickPermitted(in context);
            }

            var (first, second) = DrawTwo(in context);
            return endpoints[ChooseLessLoaded(first, second, in context)];
        }

        private ClusterEndpoint? PickPermitted(in PickContext context)
        {
            for (var i = 0; i < Draws && endpoints.Length > 1; i++)
            {
                var (first, second) = DrawTwo(in context);
                switch (context.IsExcluded(endpoints[first]), context.IsExcluded(endpoints[second]))
                {
                    case (false, false):
                        return endpoints[ChooseLessLoaded(first, second, in context)];
                    case (false, true):
                        return endpoints[first];
                    case (true, false):
                        return endpoints[second];
                }
            }

            return context.FindPermitted(endpoints, endpoints.Length == 1 ? 0 : context.Next(endpoints.Length));
        }

        // Draws two distinct indexes without a loop, as Finagle does: the second is drawn from one number fewer, and is raised by one if it
        // is not below the first. The random number is most of the cost of a pick, so one number gives both indexes.
        private (int First, int Second) DrawTwo(in PickContext context)
        {
            var others = endpoints.Length - 1;
            var (first, second) = endpoints.Length <= MostForOneDraw
                ? Math.DivRem(context.Next(endpoints.Length * others), others)
                : (context.Next(endpoints.Length), context.Next(others));
            return (first, second + GetSignBit(first - second - 1));
        }

        private int ChooseLessLoaded(int first, int second, in PickContext context)
        {
            var inFlight = Volatile.Read(ref _places[first].Count);
            var otherInFlight = Volatile.Read(ref _places[second].Count);
            if (_weighAlike)
            {
                // If both loads are equal, the first one wins. The draw is random, so this is as fair as tossing a coin.
                return first + (GetSignBit(otherInFlight - inFlight) * (second - first));
            }

            var order = Load.Compare(inFlight, weights[first], otherInFlight, weights[second]);
            if (order == 0 && weights[first] != weights[second])
            {
                order = context.Next(weights[first] + weights[second]) < weights[first] ? -1 : 1;
            }

            return order <= 0 ? first : second;
        }

        // Returns 1 for a negative number and 0 for others, without a branch: the numbers come from a random draw, so the processor would
        // mispredict every other branch.
        private static int GetSignBit(int difference) => (int)((uint)difference >> 31);
    }
}
