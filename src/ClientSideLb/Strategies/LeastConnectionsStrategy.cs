using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Picks the available endpoint with the fewest requests in flight for its weight: the exact minimum of in-flight ÷ weight.
/// A pick costs O(n). If there are many endpoints and their weights are equal, it looks at a vector of counts at a time.
/// </summary>
/// <remarks>Ties are broken at random in proportion to the weights and not by index, because under light load nearly all endpoints tie.</remarks>
internal sealed class LeastConnectionsStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.LeastConnections;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var available = endpoints.AvailableArray;
        var weights = Weights.Reduce(Weights.GetEffective(available));
        var oneByOne = new Picker(available, weights);
        return available.Length >= InFlightTable.SideBySideFrom && Weights.AreEqual(weights) && LoadRun.TryCreate(available) is { } runs
            ? new RunPicker(runs, oneByOne)
            : oneByOne;
    }

    private sealed class RunPicker(LoadRun[] runs, Picker oneByOne) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions)
            {
                return oneByOne.Pick(in context);
            }

            var (least, tied) = (int.MaxValue, 0);
            foreach (var run in runs)
            {
                run.FindLeast(ref least, ref tied);
            }

            // Counts change between the passes. An endpoint that has come down to the minimum may win. One that has left it may not.
            var ticket = context.Next(tied);
            foreach (var run in runs)
            {
                if (run.Find(least, ref ticket) is { } found)
                {
                    return found;
                }
            }

            return oneByOne.Pick(in context);
        }
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, int[] weights) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context)
        {
            var (load, weight, tied) = FindMinimum(in context);
            if (tied == 0)
            {
                return null;
            }

            // Counts change between the two passes. An endpoint that has come down to the minimum may win. One that has left it may not.
            var ticket = context.Next((int)Math.Min(tied, int.MaxValue));
            ClusterEndpoint? last = null;
            for (var i = 0; i < endpoints.Length; i++)
            {
                if (Load.Compare(endpoints[i].InFlight, weights[i], load, weight) <= 0 && !context.IsExcluded(endpoints[i]))
                {
                    last = endpoints[i];
                    ticket -= weights[i];
                    if (ticket < 0)
                    {
                        return last;
                    }
                }
            }

            return last ?? context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }

        // Returns the in-flight count and the weight of a least loaded endpoint, and the sum of the weights of all endpoints with that load.
        private (int Load, int Weight, long Tied) FindMinimum(in PickContext context)
        {
            var (load, weight, tied) = (0, 0, 0L);
            for (var i = 0; i < endpoints.Length; i++)
            {
                if (context.IsExcluded(endpoints[i]))
                {
                    continue;
                }

                var inFlight = endpoints[i].InFlight;
                var order = tied == 0 ? -1 : Load.Compare(inFlight, weights[i], load, weight);
                if (order < 0)
                {
                    (load, weight, tied) = (inFlight, weights[i], weights[i]);
                }
                else if (order == 0)
                {
                    tied += weights[i];
                }
            }

            return (load, weight, tied);
        }
    }
}
