namespace ClientSideLb.Strategies;

/// <summary>Every available endpoint in turn, whatever its weight. A pick costs O(1).</summary>
/// <remarks>Each picker starts at a random endpoint, so that many clients that start together do not move in step.</remarks>
internal sealed class RoundRobinStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.RoundRobin;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        return Weights.AnyRamps(available)
            ? WeightedRoundRobinStrategy.CreatePicker(endpoints, Array.ConvertAll(available, static endpoint => endpoint.SlowStartPercent))
            : new Picker(available, endpoints.Next(available.Length));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, int start) : EndpointPicker
    {
        // 64 bits do not wrap around in a process's life, so no turn is ever skipped.
        private long _turn = start - 1L;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            var endpoint = Next();
            if (!context.IsExcluded(endpoint))
            {
                return endpoint;
            }

            // Taking further turns, rather than the excluded endpoint's neighbour, keeps the neighbour from getting a double share.
            for (var i = 1; i < endpoints.Length; i++)
            {
                endpoint = Next();
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            // Turns interleaved with other threads' may have missed the one that is left.
            return context.FindPermitted(endpoints, start: 0);
        }

        private ClusterEndpoint Next() => endpoints[(int)((ulong)Interlocked.Increment(ref _turn) % (uint)endpoints.Length)];
    }
}
