using System.Net;
using System.Runtime.ExceptionServices;

namespace ClientSideLb;

/// <summary>The result of one attempt of a request at an endpoint: the headers of a response, or an exception.</summary>
/// <remarks>
/// If the headers were good and the body then broke off, <see cref="LoadBalancingOptions.IsFailure"/> gets a second result of the same
/// attempt, with the exception. A picker gets only the first result.
/// </remarks>
public readonly struct AttemptResult
{
    /// <summary>Gets the endpoint that the attempt was made at.</summary>
    public required ClusterEndpoint Endpoint { get; init; }

    /// <summary>Gets the request.</summary>
    public required HttpRequestMessage Request { get; init; }

    /// <summary>Gets the response, or <see langword="null"/> if there was an exception. Do not read its body.</summary>
    public HttpResponseMessage? Response { get; init; }

    /// <summary>Gets the exception, or <see langword="null"/> if there was a response.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Gets the library's verdict: what the result means for the endpoint.</summary>
    public AttemptVerdict Verdict { get; init; }

    /// <summary>Gets the time from the pick to the response's headers, or to the exception.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets the time at which the attempt ended, on the same clock as <see cref="PickContext.Now"/>.</summary>
    public TimeSpan EndedAt { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Duration"/>, <see cref="EndedAt"/> and <see cref="Timestamp"/> were measured.</summary>
    internal bool IsTimed { get; init; }

    /// <summary>Gets the timestamp at which the attempt ended.</summary>
    internal long Timestamp { get; init; }

    /// <summary>
    /// Gets a value indicating whether the exception came from the primary handler while it waited for the endpoint. It did not if another handler
    /// threw it, or if the request had been redirected to another host.
    /// </summary>
    internal bool IsFromPrimary { get; init; }

    /// <summary>Gets a value indicating whether a connection broke off on which the request was sent.</summary>
    internal bool IsBrokenConnection { get; init; }

    /// <summary>
    /// Gets a value indicating whether the endpoint sent a redirect that was followed before this result. The result may then come from another
    /// host: the final address is that of <see cref="HttpResponseMessage.RequestMessage"/>, with the logical name in place of the endpoint's.
    /// </summary>
    public bool IsRedirected { get; init; }

    /// <summary>Gets a value indicating whether the application's own rule has judged the result. Then that rule alone judges server errors.</summary>
    internal bool IsJudgedByApplication { get; init; }

    /// <summary>
    /// Gets a value indicating whether the endpoint rejected the request because it had no room (429), and <see cref="FailoverOptions.MoveRejected"/> says
    /// that this is about the endpoint. If the response says when there is room again, the endpoint gets no requests until then.
    /// </summary>
    public bool IsRejected { get; init; }

    internal bool IsFailure => Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused;

    /// <summary>Gets a value indicating whether another endpoint may do better.</summary>
    internal bool MayDoBetterElsewhere => IsFailure || IsRejected;

    /// <summary>Gets a value indicating whether the endpoint sent a response that is not a server error (5xx).</summary>
    internal bool IsAnsweredWithoutServerError => Response is { StatusCode: < HttpStatusCode.InternalServerError };

    /// <summary>Gets a value indicating whether the attempt waited for an answer until its time limit.</summary>
    internal bool HasTimedOut => IsFailure && Exception is TimeoutException or OperationCanceledException or { InnerException: OperationCanceledException or TimeoutException };

    /// <summary>Returns the response, or throws the exception if there is one.</summary>
    internal HttpResponseMessage GetResponseOrThrow()
    {
        if (Exception is not null)
        {
            ExceptionDispatchInfo.Throw(Exception);
        }

        return Response!;
    }
}
