namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>The endpoint with the fewest requests in flight for its effective weight. Ties are broken at random.</summary>
public sealed class LeastConnectionsStrategy : ILoadBalancingStrategy
{
    public string Name => "MyLeastConnections";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker([.. endpoints.Available]);

    private sealed class Picker(ClusterEndpoint[] endpoints) : EndpointPicker
    {
        private readonly double[] _weights = Array.ConvertAll(endpoints, static endpoint => endpoint.EffectiveWeight);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            ClusterEndpoint? least = null;
            var (leastLoad, tied) = (0.0, 0);
            for (var i = 0; i < endpoints.Length; i++)
            {
                if (context.IsExcluded(endpoints[i]))
                {
                    continue;
                }

                var load = endpoints[i].InFlight / _weights[i];
                if (least is null || load < leastLoad)
                {
                    (least, leastLoad, tied) = (endpoints[i], load, 1);
                }
                else if (load == leastLoad && context.Next(++tied) == 0)
                {
                    // The second of two replaces the first one in a half of the cases, the third one in a third, and so on: all are equally likely.
                    least = endpoints[i];
                }
            }

            return least;
        }
    }
}
