namespace ClientSideLb.Strategies;

/// <summary>
/// A random available endpoint, in proportion to the weights where they differ. A pick costs O(1): by Vose's alias method, see <see cref="AliasTable"/>.
/// </summary>
internal sealed class RandomStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.Random;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        var weights = Weights.Of(available);
        return new Picker(available, Weights.AreEqual(weights) ? null : new AliasTable(weights));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, AliasTable? weighted) : EndpointPicker
    {
        // A request has tried a few endpoints at most, so a redraw nearly always succeeds at once and keeps the proportions exact.
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
