using ClientSideLb.Endpoints;

namespace ClientSideLb.Clusters;

/// <summary>
/// How long a request may wait for an endpoint before its wait speaks against the endpoint, in timestamp units. The usual waits for the endpoint decide, and
/// <see cref="OutlierDetectionOptions.UnansweredWait"/> sets the bounds.
/// </summary>
internal sealed class WaitLimits(TimeProvider time)
{
    // A wait of twice the usual one is unusual, also because the histogram rounds up.
    private const int Unusual = 2;

    // The slow answers tell what is usual for requests that still wait: a long poll beside fast calls is no hang.
    private const double Slow = 0.99;

    // Several requests in a row must have been given up after a longer wait than this, which is unusual enough. A few slow answers, as after a start,
    // do not matter.
    private const double MostAnswers = 0.9;

    // A caller that gives up after an instant has most likely changed its mind.
    private const int ShortestPart = 10;

    /// <summary>Gets the limit for a request whose caller has given up: less than the option says if the endpoint usually answers sooner.</summary>
    internal long GetForGivenUp(ClusterEndpoint endpoint, OutlierSettings settings) =>
        endpoint.AnswerTimes.GetQuantile(MostAnswers) is { } usual
            ? Math.Clamp(Timestamps.FromTimeSpan(usual, time), settings.UnansweredWait / ShortestPart, settings.UnansweredWait)
            : settings.UnansweredWait;

    /// <summary>Gets the time of the slowest endpoint's slow answers, or <see langword="null"/> if none has given enough answers to tell what is usual.</summary>
    internal static TimeSpan? FindSlowest(ClusterEndpoint[] members) => members.Max(static member => member.AnswerTimes.GetQuantile(Slow));

    /// <summary>
    /// Gets the limit for requests that still wait: more than the option says if the endpoint's slow answers take longer. It is
    /// <see langword="null"/> if no endpoint has given enough answers to tell what is usual, as in a service that only has long polls.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="slowest">The result of <see cref="FindSlowest"/>. It tells what is usual if this endpoint has given too few answers.</param>
    /// <param name="settings">The settings.</param>
    internal long? GetForWaiting(ClusterEndpoint endpoint, Lazy<TimeSpan?> slowest, OutlierSettings settings)
    {
        var slow = endpoint.AnswerTimes.GetQuantile(Slow) ?? slowest.Value;
        return slow is { } usual ? Math.Max(settings.UnansweredWait, Unusual * Timestamps.FromTimeSpan(usual, time)) : null;
    }
}
