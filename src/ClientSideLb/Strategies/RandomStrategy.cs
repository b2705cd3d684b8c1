namespace ClientSideLb.Strategies;

/// <summary>
/// Picks a random available endpoint, in proportion to the weights if they differ. A pick costs O(1), by Vose's alias method
/// (<see cref="AliasTable"/>).
/// </summary>
internal sealed class RandomStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.Random;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        var weights = Weights.GetEffective(available);
        return new Picker(available, Weights.AreEqual(weights) ? null : new AliasTable(weights));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, AliasTable? weighted) : EndpointPicker
    {
        // A draw of an excluded endpoint is repeated, which keeps the proportions exact. A request has tried a few endpoints at most, so a few
        // draws are enough.
        private const int Draws = 16;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            for (var i = 0; i < Draws; i++)
            {
                var endpoint = endpoints[weighted is null ? context.Next(endpoints.Length) : weighted.Draw(in context)];
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }
    }
}
