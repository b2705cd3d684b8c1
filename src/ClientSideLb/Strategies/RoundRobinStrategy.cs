namespace ClientSideLb.Strategies;

/// <summary>Picks each available endpoint in turn, regardless of its weight. A pick costs O(1).</summary>
/// <remarks>Each picker starts at a random endpoint, so that clients that start together do not move in step.</remarks>
internal sealed class RoundRobinStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.RoundRobin;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        return Weights.IsAnyInSlowStart(available)
            ? WeightedRoundRobinStrategy.CreatePicker(endpoints, Array.ConvertAll(available, static endpoint => endpoint.SlowStartPercent))
            : new Picker(available, endpoints.Next(available.Length));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, int start) : EndpointPicker
    {
        // A counter of 64 bits does not wrap around while the process lives, so no turn is skipped.
        private long _turn = start - 1L;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            var endpoint = TakeTurn();
            if (!context.IsExcluded(endpoint))
            {
                return endpoint;
            }

            // The request takes further turns of the common counter. If it took the excluded endpoint's neighbour instead, the neighbour would
            // get a double share.
            for (var i = 1; i < endpoints.Length; i++)
            {
                endpoint = TakeTurn();
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            // Other threads take turns in between, so this request may have missed the one endpoint that is left.
            return context.FindPermitted(endpoints, start: 0);
        }

        private ClusterEndpoint TakeTurn() => endpoints[(int)((ulong)Interlocked.Increment(ref _turn) % (uint)endpoints.Length)];
    }
}
