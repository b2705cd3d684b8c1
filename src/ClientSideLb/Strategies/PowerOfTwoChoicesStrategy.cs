using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Draws two distinct endpoints at random and picks the less loaded one, by in-flight ÷ weight. Failures count as load for a while. A pick costs O(1).
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
        private readonly PenaltyCount _penalties = PenaltyCount.Of(endpoints);
        private readonly bool _weighAlike = Weights.AreEqual(weights);

        // A pick reads the counts through their places, because the endpoint objects are often not in the processor's cache.
        private readonly InFlightPlace[] _places = Array.ConvertAll(endpoints, static endpoint => endpoint.Place);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions || endpoints.Length == 1)
            {
                return PickPermitted(in context);
            }

            var (first, second) = RandomPair.Draw(in context, endpoints.Length);
            return endpoints[ChooseLessLoaded(first, second, in context)];
        }

        private ClusterEndpoint? PickPermitted(in PickContext context) => RandomPair.TryDrawPermitted(in context, endpoints, out var first, out var second)
            ? endpoints[ChooseLessLoaded(first, second, in context)]
            : RandomPair.FindPermitted(in context, endpoints);

        private int ChooseLessLoaded(int first, int second, in PickContext context)
        {
            var inFlight = Volatile.Read(ref _places[first].Count);
            var otherInFlight = Volatile.Read(ref _places[second].Count);
            if (_penalties.IsAny)
            {
                inFlight = endpoints[first].LoadPenalty.Apply(inFlight, context.Now);
                otherInFlight = endpoints[second].LoadPenalty.Apply(otherInFlight, context.Now);
            }

            if (_weighAlike)
            {
                // If both loads are equal, the first one wins. The draw is random, so this is as fair as tossing a coin.
                return first + (RandomPair.GetSignBit(otherInFlight - inFlight) * (second - first));
            }

            var order = Load.Compare(inFlight, weights[first], otherInFlight, weights[second]);
            if (order == 0 && weights[first] != weights[second])
            {
                order = context.Next(weights[first] + weights[second]) < weights[first] ? -1 : 1;
            }

            return order <= 0 ? first : second;
        }
    }
}
