namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>A random endpoint, in proportion to the effective weights.</summary>
public sealed class WeightedRandomStrategy : ILoadBalancingStrategy
{
    public string Name => "MyWeightedRandom";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker([.. endpoints.Available]);

    private sealed class Picker(ClusterEndpoint[] endpoints) : EndpointPicker
    {
        // A request excludes a few endpoints at most, so a second draw nearly always meets another one, and the proportions stay exact.
        private const int MaxDraws = 16;

        // A change of the weights makes a new picker, so this one keeps those that it was made with.
        private readonly double[] _weights = Array.ConvertAll(endpoints, static endpoint => endpoint.EffectiveWeight);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            for (var i = 0; i < MaxDraws; i++)
            {
                var endpoint = Draw(in context);
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }

        private ClusterEndpoint Draw(in PickContext context)
        {
            var ticket = _weights.Sum() * context.Next(int.MaxValue) / int.MaxValue;
            var index = 0;
            while (index < endpoints.Length - 1 && ticket >= _weights[index])
            {
                ticket -= _weights[index++];
            }

            return endpoints[index];
        }
    }
}
