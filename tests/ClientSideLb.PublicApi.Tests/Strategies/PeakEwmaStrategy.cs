using System.Net;

namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>Peak EWMA after Finagle: of two distinct random endpoints, the one with the lower latency × (in-flight + 1) ÷ weight.</summary>
public sealed class PeakEwmaStrategy : ILoadBalancingStrategy
{
    public string Name => "MyPeakEwma";

    public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker([.. endpoints.Available]);

    private sealed class Picker(ClusterEndpoint[] endpoints) : EndpointPicker
    {
        private static readonly TimeSpan FailurePenalty = TimeSpan.FromSeconds(5);

        private readonly PeakLatency[] _latencies = Array.ConvertAll(endpoints, LatencyOf);
        private readonly double[] _weights = Array.ConvertAll(endpoints, endpoint => endpoint.EffectiveWeight);

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (endpoints.Length == 1)
            {
                return context.FindPermitted(endpoints, 0);
            }

            // The second draw is from one fewer, and steps over the first: the two are never the same.
            var first = context.Next(endpoints.Length);
            var second = context.Next(endpoints.Length - 1);
            second += second >= first ? 1 : 0;
            var (better, worse) = LoadOf(first, context.Now) <= LoadOf(second, context.Now) ? (first, second) : (second, first);
            return
                !context.IsExcluded(endpoints[better]) ? endpoints[better] :
                !context.IsExcluded(endpoints[worse]) ? endpoints[worse] :
                context.FindPermitted(endpoints, context.Next(endpoints.Length));
        }

        public override void OnAttemptEnded(in AttemptResult result)
        {
            var latency = LatencyOf(result.Endpoint);
            if (IsFailure(in result))
            {
                // An endpoint that fails at once must not look fast.
                latency.AddLowerBound(result.Duration > FailurePenalty ? result.Duration : FailurePenalty, result.EndedAt);
            }
            else if (result.Verdict == AttemptVerdict.Success)
            {
                latency.Add(result.Duration, result.EndedAt);
            }
            else if (result.Verdict == AttemptVerdict.Abandoned)
            {
                latency.AddLowerBound(result.Duration, result.EndedAt);
            }
        }

        // Metrics and the live page show it.
        public override TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint, TimeSpan now) => TimeSpan.FromMilliseconds(LatencyOf(endpoint).Read(now));

        // By default the verdict on a 429 or a 500 is Success: such an answer ejects no endpoint.
        private static bool IsFailure(in AttemptResult result) =>
            result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
            || result.Response is { StatusCode: HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError };

        private static PeakLatency LatencyOf(ClusterEndpoint endpoint) => endpoint.GetOrAddState(static _ => new PeakLatency());

        private double LoadOf(int index, TimeSpan now) => _latencies[index].Read(now) * (endpoints[index].InFlight + 1) / _weights[index];
    }
}
