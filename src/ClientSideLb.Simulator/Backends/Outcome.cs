using System.Net;

namespace ClientSideLb.Simulator.Backends;

/// <summary>The end of an attempt, as its client sees it.</summary>
/// <param name="Kind">The way in which it ended.</param>
/// <param name="Status">The status of <see cref="OutcomeKind.FailureStatus"/>.</param>
/// <param name="RetryAfter">The time that the answer asks to wait for. Zero means that it asks for none.</param>
internal readonly record struct Outcome(OutcomeKind Kind, HttpStatusCode Status = 0, TimeSpan RetryAfter = default)
{
    internal static Outcome Answered => new(OutcomeKind.Answered);

    internal static Outcome Unavailable => OfStatus(HttpStatusCode.ServiceUnavailable);

    internal static Outcome Refused => new(OutcomeKind.Refused);

    internal static Outcome BrokenOff => new(OutcomeKind.BrokenOff);

    internal static Outcome AttemptTimedOut => new(OutcomeKind.AttemptTimedOut);

    internal static Outcome TimedOut => new(OutcomeKind.TimedOut);

    internal static Outcome NotSent => new(OutcomeKind.NotSent);

    internal static Outcome NoEndpoint => new(OutcomeKind.NoEndpoint);

    internal static Outcome Saturated => new(OutcomeKind.Saturated);

    internal bool IsAnswered => Kind == OutcomeKind.Answered;

    internal bool IsRejected => Status == HttpStatusCode.TooManyRequests;

    internal static Outcome OfStatus(HttpStatusCode status, TimeSpan retryAfter = default) => new(OutcomeKind.FailureStatus, status, retryAfter);
}
