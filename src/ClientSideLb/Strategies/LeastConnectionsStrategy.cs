using System.Numerics;
using System.Runtime.Intrinsics.X86;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Picks the available endpoint with the fewest requests in flight for its weight: the exact minimum of in-flight ÷ weight. Failures count as load
/// for a while. A pick costs O(n). If there are many endpoints and their weights are equal, it looks at a vector of counts at a time.
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
        var penalties = PenaltyCount.Of(available);
        var oneByOne = new Picker(available, weights, penalties);
        return !Weights.AreEqual(weights) ? oneByOne :
            available.Length <= FewPicker.MaxEndpoints ? new FewPicker(available, penalties, oneByOne) :
            available.Length >= InFlightTable.SideBySideFrom && LoadRun.TryCreate(available) is { } runs ? new RunPicker(runs, penalties, oneByOne) :
            oneByOne;
    }

    // Few endpoints of equal weights, as most clusters have.
    private sealed class FewPicker(ClusterEndpoint[] endpoints, PenaltyCount penalties, Picker oneByOne) : EndpointPicker
    {
        internal const int MaxEndpoints = 64;

        private readonly InFlightPlace[] _places = Array.ConvertAll(endpoints, static endpoint => endpoint.Place);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions || penalties.IsAny)
            {
                return oneByOne.Pick(in context);
            }

            // Each bit is an endpoint that has the least load.
            var (least, ties) = (int.MaxValue, 0UL);
            var bit = 1UL;
            foreach (ref readonly var place in _places.AsSpan())
            {
                var inFlight = Volatile.Read(ref place.Count);
                ties = inFlight < least ? bit : inFlight == least ? ties | bit : ties;
                least = Math.Min(least, inFlight);
                bit <<= 1;
            }

            if (ties == 0)
            {
                return null;
            }

            return endpoints[BitOperations.IsPow2(ties)
                ? BitOperations.TrailingZeroCount(ties)
                : FindSetBit(ties, context.Next(BitOperations.PopCount(ties)))];
        }

        // Finds the index of the set bit that has this number of set bits below it.
        private static int FindSetBit(ulong bits, int number)
        {
            if (Bmi2.X64.IsSupported)
            {
                // Measured: the loop mispredicts its end, which takes half of the time of a pick.
                return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1UL << number, bits));
            }

            for (; number > 0; number--)
            {
                // Clears the lowest bit that is set.
                bits &= bits - 1;
            }

            return BitOperations.TrailingZeroCount(bits);
        }
    }

    private sealed class RunPicker(LoadRun[] runs, PenaltyCount penalties, Picker oneByOne) : EndpointPicker
    {
        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions || penalties.IsAny)
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

    private sealed class Picker(ClusterEndpoint[] endpoints, int[] weights, PenaltyCount penalties) : EndpointPicker
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
                if (Load.Compare(GetLoad(i, context.Now), weights[i], load, weight) <= 0 && !context.IsExcluded(endpoints[i]))
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

        private int GetLoad(int index, TimeSpan now)
        {
            var endpoint = endpoints[index];
            return penalties.IsAny ? endpoint.LoadPenalty.Apply(endpoint.InFlight, now) : endpoint.InFlight;
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

                var inFlight = GetLoad(i, context.Now);
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
