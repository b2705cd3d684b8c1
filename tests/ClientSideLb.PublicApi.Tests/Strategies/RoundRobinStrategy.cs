namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>Every endpoint in turn, whatever its weight. An endpoint in slow start lets some of its turns pass.</summary>
public sealed class RoundRobinStrategy : ILoadBalancingStrategy
{
    public string Name => "MyRoundRobin";

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        // Many clients that start together must not all begin with the same endpoint.
        ClusterEndpoint[] available = [.. endpoints.Available];
        return new Picker(available, endpoints.Next(available.Length));
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, int start) : EndpointPicker
    {
        private const int FullPercent = 100;

        private readonly int[] _percents = Array.ConvertAll(endpoints, PercentOf);
        private long _turn = start - 1;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            for (var i = 0; i < endpoints.Length; i++)
            {
                var index = (int)((ulong)Interlocked.Increment(ref _turn) % (uint)endpoints.Length);
                var takesTurn = _percents[index] == FullPercent || context.Next(FullPercent) < _percents[index];
                if (takesTurn && !context.IsExcluded(endpoints[index]))
                {
                    return endpoints[index];
                }
            }

            return context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }

        // Only slow start makes the effective weight differ from the weight.
        private static int PercentOf(ClusterEndpoint endpoint) =>
            (int)Math.Round(FullPercent * endpoint.EffectiveWeight / Math.Max(1, endpoint.Weight));
    }
}
