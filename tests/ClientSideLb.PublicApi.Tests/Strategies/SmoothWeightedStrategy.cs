namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>
/// Every endpoint in turn, as often as its weight says, spread evenly over a cycle that is computed once. The cycle of weights 5, 1, 1
/// is a a b a c a a, as in nginx.
/// </summary>
public sealed class SmoothWeightedStrategy : ILoadBalancingStrategy
{
    // Slow start begins with a tenth of the weight: a weight of 1 then has one turn.
    private const int TurnsPerWeight = 10;

    public string Name => "MySmoothWeighted";

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        var cycle = CreateCycle(endpoints.Available);
        return new Picker(cycle, endpoints.Next(cycle.Length));
    }

    // The cost is turns × endpoints. It suits weights of up to a few hundred.
    private static ClusterEndpoint[] CreateCycle(IReadOnlyList<ClusterEndpoint> endpoints)
    {
        int[] weights = [.. endpoints.Select(static endpoint => Math.Max(1, (int)Math.Round(TurnsPerWeight * endpoint.EffectiveWeight)))];
        var credit = new int[weights.Length];
        var cycle = new ClusterEndpoint[weights.Sum()];
        for (var turn = 0; turn < cycle.Length; turn++)
        {
            // Each endpoint gains its weight. The richest takes the turn and pays what all have gained together.
            var richest = 0;
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += weights[i];
                richest = credit[i] > credit[richest] ? i : richest;
            }

            credit[richest] -= cycle.Length;
            cycle[turn] = endpoints[richest];
        }

        return cycle;
    }

    private sealed class Picker(ClusterEndpoint[] cycle, int start) : EndpointPicker
    {
        private long _turn = start - 1;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            for (var i = 0; i < cycle.Length; i++)
            {
                var endpoint = cycle[(ulong)Interlocked.Increment(ref _turn) % (uint)cycle.Length];
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            // Other threads may have taken the turns of an endpoint that is not excluded.
            return context.FindPermitted(cycle, 0);
        }
    }
}
