namespace ClientSideLb.Strategies;

/// <summary>
/// Picks each available endpoint in exact proportion to its weight in each full cycle, with its turns spread evenly over the cycle.
/// A pick costs O(1), amortised.
/// </summary>
/// <remarks>
/// The order is that of nginx's smooth weighted round robin (<see cref="SmoothSchedule"/>), computed once. This takes too long if there are
/// many endpoints, or large weights without a common divisor. Then the order is that of gRPC's static stride scheduler (gRFC A58,
/// <see cref="StrideSchedule"/>), which needs no table and keeps the same proportions.
/// </remarks>
internal sealed class WeightedRoundRobinStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.WeightedRoundRobin;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return CreatePicker(endpoints, Weights.GetEffective(endpoints.AvailableArray));
    }

    /// <summary>Creates a picker with other weights than the endpoints have.</summary>
    internal static EndpointPicker CreatePicker(EndpointSet endpoints, int[] weights)
    {
        var available = endpoints.AvailableArray;
        weights = Weights.Reduce(weights);
        return SmoothSchedule.IsQuick(weights)
            ? new SmoothPicker(available, SmoothSchedule.Create(weights), endpoints)
            : new StridePicker(available, new StrideSchedule(weights), endpoints);
    }

    private sealed class SmoothPicker(ClusterEndpoint[] endpoints, int[] schedule, EndpointSet set) : EndpointPicker
    {
        private long _turn = set.Next(schedule.Length) - 1L;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            for (var i = 0; i < schedule.Length; i++)
            {
                var endpoint = endpoints[schedule[(ulong)Interlocked.Increment(ref _turn) % (uint)schedule.Length]];
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }
    }

    private sealed class StridePicker(ClusterEndpoint[] endpoints, StrideSchedule schedule, EndpointSet set) : EndpointPicker
    {
        private long _turn = set.Next(int.MaxValue) - 1L;

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            for (var i = 0; i < endpoints.Length; i++)
            {
                var endpoint = endpoints[schedule.Next(ref _turn)];
                if (!context.IsExcluded(endpoint))
                {
                    return endpoint;
                }
            }

            return context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }
    }
}
