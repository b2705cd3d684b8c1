using System.Net;
using System.Runtime.CompilerServices;
using ClientSideLb.Endpoints;

namespace ClientSideLb.Strategies;

/// <summary>
/// Draws two distinct endpoints at random and picks the one with the lower load: latency estimate × (in-flight + 1) ÷ weight. A pick costs
/// O(1). The method is that of Finagle's "Peak EWMA" balancer and of linkerd.
/// </summary>
/// <remarks>
/// <para>
/// A failed attempt counts as a long latency, as in linkerd: an endpoint that fails at once must not look fast. An endpoint that has not
/// answered yet gets about one request at a time, as in Finagle.
/// </para>
/// <para>
/// If both loads are equal, the endpoint that was drawn first wins, which is as fair as tossing a coin. Endpoints of different weights have
/// equal loads only by coincidence, so ties need no draw by weight.
/// </para>
/// </remarks>
internal sealed class PeakEwmaStrategy : ILoadBalancingStrategy
{
    public string Name => LoadBalancingStrategies.PeakEwma;

    public EndpointPicker CreatePicker(EndpointSet endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return new Picker(endpoints.AvailableArray, endpoints.Settings.PeakEwma);
    }

    private sealed class Picker(ClusterEndpoint[] endpoints, PeakEwmaSettings settings) : EndpointPicker
    {
        // The same limit as that of Finagle's and linkerd's back-offs: a header of one response must not shut out an endpoint for hours.
        private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

        // The logarithms of small numbers of requests. A table is several times as fast as Math.Log.
        private const int LogarithmCount = 256;

        private static readonly double[] Logarithms = [.. Enumerable.Range(1, LogarithmCount).Select(static count => Math.Log(count))];

        // The data that a pick needs of an endpoint lies together, because a pick reads two random endpoints.
        private readonly Candidate[] _candidates = Array.ConvertAll(endpoints, endpoint => new Candidate(endpoint, settings));

        private readonly long _decayTicks = settings.DecayTime.Ticks;

        // While a request is under way at an endpoint that has not answered yet, it counts as slow as if it had failed, compared with one that has.
        private readonly double _restraint = Math.Max(0, Math.Log(settings.FailurePenalty / settings.DefaultLatency));

        public override ClusterEndpoint? Pick(in PickContext context)
        {
            if (context.HasExclusions || endpoints.Length == 1)
            {
                return PickPermitted(in context);
            }

            var (first, second) = RandomPair.Draw(in context, endpoints.Length);
            return _candidates[ChooseLessLoaded(first, second, in context)].Endpoint;
        }

        public override void OnAttemptEnded(in AttemptResult result)
        {
            var estimate = PeakEstimates.Of(result.Endpoint, settings.DecayTime);
            estimate.Guess(settings.DefaultLatency, result.EndedAt);
            var response = result.Response;
            if (result.IsRedirected && response is not null && IsFromElsewhere(in result, response))
            {
                // The endpoint answered with a redirect. The answer and the latency of the other host say nothing about the endpoint.
                estimate.SetProven();
            }
            else if (PenaltyRule.AppliesTo(in result))
            {
                var asked = response is null ? TimeSpan.Zero : GetRetryAfter(response);
                if (result.IsRejected && asked > TimeSpan.Zero)
                {
                    // The endpoint gets no requests until it has room again. Then it is as fast as before.
                    return;
                }

                var penalty = settings.FailurePenalty > result.Duration ? settings.FailurePenalty : result.Duration;
                estimate.AddLowerBound(asked > penalty ? asked : penalty, result.EndedAt);
            }
            else if (result.Verdict == AttemptVerdict.Abandoned)
            {
                estimate.AddLowerBound(result.Duration, result.EndedAt);
            }
            else if (result.Verdict == AttemptVerdict.Success)
            {
                // A server may accept an upgrade at once or only when there is something to say, so that is no latency.
                if (response is not { StatusCode: HttpStatusCode.SwitchingProtocols })
                {
                    estimate.Add(result.Duration, result.EndedAt);
                }

                estimate.SetProven();
            }
        }

        public override TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint, TimeSpan now) =>
            PeakEstimates.Of(endpoint, settings.DecayTime) is { HasValue: true } estimate ? estimate.Read(now) : null;

        private ClusterEndpoint? PickPermitted(in PickContext context) => RandomPair.TryDrawPermitted(in context, endpoints, out var first, out var second)
            ? endpoints[ChooseLessLoaded(first, second, in context)]
            : RandomPair.FindPermitted(in context, endpoints);

        // Measured: inlined into the pick, this takes twice as long.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private int ChooseLessLoaded(int first, int second, in PickContext context)
        {
            ref readonly var one = ref _candidates[first];
            ref readonly var other = ref _candidates[second];
            var (inFlight, otherInFlight) = (one.InFlight, other.InFlight);
            var logarithms = Logarithms;

            // The number of logarithms is a power of two, so one comparison tests both numbers.
            if ((inFlight | otherInFlight) >= LogarithmCount)
            {
                return ChooseWithCare(first, second, in context);
            }

            // Loads are products, so their logarithms are sums. There is no call on this path, so that all numbers stay in registers.
            var load = one.Estimate.Score + logarithms[inFlight] - one.LogWeight;
            var otherLoad = other.Estimate.Score + logarithms[otherInFlight] - other.LogWeight;
            var chosen = first + (GetSignBit(otherLoad - load) * (second - first));

            // The score of an uncertain endpoint is low. So care is needed only if that endpoint wins.
            return context.Now.Ticks <= _candidates[chosen].Estimate.KnownUntil ? chosen : ChooseWithCare(first, second, in context);
        }

        // For endpoints that have not answered well yet, or not for some time, or that have very many requests in flight.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private int ChooseWithCare(int first, int second, in PickContext context)
        {
            ref readonly var one = ref _candidates[first];
            ref readonly var other = ref _candidates[second];
            var load = GetLoadWithCare(in one, in other, context.Now);
            var (chosen, beaten) = GetLoadWithCare(in other, in one, context.Now) < load ? (second, first) : (first, second);

            // Beside an endpoint that has answered lately, the estimate of one that has been silent for long is far too low, and every request
            // would go there until it answers. So the first pick takes it to be as slow as the other one. Then it gets its share, and no more.
            var (estimate, fresher) = (_candidates[chosen].Estimate, _candidates[beaten].Estimate);
            if (context.Now.Ticks - estimate.UpdatedAt > _decayTicks && context.Now.Ticks <= fresher.KnownUntil)
            {
                estimate.RaiseGuess(fresher.Score, context.Now);
            }

            return chosen;
        }

        private double GetLoadWithCare(in Candidate candidate, in Candidate other, TimeSpan now)
        {
            var estimate = candidate.Estimate;
            var inFlight = candidate.InFlight;
            var restraint = !estimate.IsProven && inFlight > 0 && other.Estimate.IsProven ? _restraint : 0;
            return estimate.Guess(settings.DefaultLatency, now) + restraint + Math.Log(inFlight + 1.0) - candidate.LogWeight;
        }

        // There is no branch: the numbers come from a random draw, so the processor would mispredict every other branch.
        private static int GetSignBit(double difference) => (int)((ulong)BitConverter.DoubleToInt64Bits(difference) >> 63);

        private static bool IsFromElsewhere(in AttemptResult result, HttpResponseMessage response) =>
            response.RequestMessage?.RequestUri is { } final
            && result.Request.RequestUri is { } logical
            && !HaveSameOrigin(final, logical)
            && !HaveSameOrigin(final, result.Endpoint.Address);

        private static bool HaveSameOrigin(Uri one, Uri other) =>
            Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

        // A date is read by the server's own clock, which the response tells. Without that there is none: a pick knows no time of day.
        private static TimeSpan GetRetryAfter(HttpResponseMessage response)
        {
            var asked = RetryAfterHeader.Read(response, now: null) ?? TimeSpan.Zero;
            return asked < LongestRetryAfter ? asked : LongestRetryAfter;
        }
    }

    private readonly struct Candidate(ClusterEndpoint endpoint, PeakEwmaSettings settings)
    {
        internal readonly ClusterEndpoint Endpoint = endpoint;
        internal readonly PeakEstimate Estimate = PeakEstimates.Of(endpoint, settings.DecayTime);

        // A pick reads the count through its place, because the endpoint object is often not in the processor's cache.
        private readonly InFlightPlace _place = endpoint.Place;

        // An endpoint of weight 0 is drained, and not available. If one is given nevertheless, it loses to all others.
        internal readonly double LogWeight = Math.Log(Math.Max(endpoint.EffectiveWeight, double.Epsilon));

        internal int InFlight => Volatile.Read(ref _place.Count);
    }
}
