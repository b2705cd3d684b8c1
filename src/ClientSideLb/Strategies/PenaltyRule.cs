using System.Net;

namespace ClientSideLb.Strategies;

/// <summary>
/// Tells which results make an endpoint look busier or slower than it is. They are more than those that eject it: a 500 or a 429 may be about the
/// request, but an endpoint that answers them at once must not attract requests.
/// </summary>
internal static class PenaltyRule
{
    /// <summary>Tells whether a result is a failure of this kind: every server error (5xx), 429, transport error and timeout.</summary>
    internal static bool AppliesTo(in AttemptResult result) => result.Verdict switch
    {
        AttemptVerdict.Failure or AttemptVerdict.Refused => true,
        AttemptVerdict.Success => result.Response is { } response
            && GrpcStatus.GetHttpStatus(result.Request, response) is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests,
        _ => false,
    };

    /// <summary>Tells whether the endpoint answered that it has too much to do: 429 or 503, or a gRPC status that means the same.</summary>
    internal static bool IsOverload(in AttemptResult result) =>
        result.Response is { } response
        && GrpcStatus.GetHttpStatus(result.Request, response) is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    /// <summary>Tells whether a result is a server error (5xx) of the endpoint.</summary>
    internal static bool IsServerError(in AttemptResult result) =>
        result.Verdict is AttemptVerdict.Success or AttemptVerdict.Failure
        && result.Response is { } response
        && GrpcStatus.GetHttpStatus(result.Request, response) >= HttpStatusCode.InternalServerError;
}
