namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>Of two distinct random endpoints, the one with fewer requests in flight for its effective weight.</summary>
public sealed class TwoChoicesStrategy : ILoadBalancingStrategy
{
    public string Name => "MyTwoChoices";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker([.. endpoints.Available]);

    private sealed class Picker(ClusterEndpoint[] endpoints) : EndpointPicker
    {
        private readonly double[] _weights = Array.ConvertAll(endpoints, static endpoint => endpoint.EffectiveWeight);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (endpoints.Length == 1)
            {
                return context.FindPermitted(endpoints, 0);
            }

            // The second draw is from one fewer, and steps over the first: the two are never the same.
            var first = context.Next(endpoints.Length);
            var second = context.Next(endpoints.Length - 1);
            second += second >= first ? 1 : 0;
            var (better, worse) = LoadOf(first) <= LoadOf(second) ? (first, second) : (second, first);
            return
                !context.IsExcluded(endpoints[better]) ? endpoints[better] :
                !context.IsExcluded(endpoints[worse]) ? endpoints[worse] :
                context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }

        private double LoadOf(int index) => endpoints[index].InFlight / _weights[index];
    }
}
