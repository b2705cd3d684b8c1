using System.Net;
using ClientSideLb.Strategies;

namespace ClientSideLb.Requests;

/// <summary>Decides whether a result is a failure of the endpoint. Outlier detection and failover use the same decision.</summary>
internal sealed class FailureClassifier(Func<AttemptResult, bool>? isFailure, TimeProvider time)
{
    /// <summary>Gets a value indicating whether the application has its own rule. That rule may read when an attempt ended, so its results must be timed.</summary>
    internal bool HasOwnRule => isFailure is not null;

    /// <summary>
    /// Judges the result of an attempt. A cancellation by the caller is never a failure, and neither is a fault that does not come from the network,
    /// such as a header that cannot be sent.
    /// </summary>
    /// <param name="result">The result.</param>
    /// <param name="caller">The caller's cancellation.</param>
    internal AttemptVerdict Judge(in AttemptResult result, CancellationToken caller)
    {
        if (result.Exception is OperationCanceledException && caller.IsCancellationRequested)
        {
            return AttemptVerdict.Abandoned;
        }

        // Another handler threw the exception, before the primary handler was called or after it had answered.
        if (result is { Exception: not null, IsFromPrimary: false })
        {
            return AttemptVerdict.Neutral;
        }

        var verdict = GetVerdict(in result, IsFailure(in result));
        return isFailure is null ? verdict : GetVerdict(in result, isFailure(result with { Verdict = verdict }));
    }

    /// <summary>Judges an exception that ended the reading of a response's body, but was not thrown by the reader's own destination.</summary>
    internal AttemptVerdict JudgeBody(in AttemptResult result, CancellationToken reader)
    {
        if (result.Exception is OperationCanceledException && reader.IsCancellationRequested)
        {
            return AttemptVerdict.Abandoned;
        }

        var isBroken = result.Exception is IOException or HttpRequestException && !NetworkFailure.IsClientLimit(result.Exception);
        var verdict = GetVerdict(in result, isBroken);
        return isFailure is null ? verdict : GetVerdict(in result, isFailure(result with { Verdict = verdict }));
    }

    /// <summary>Judges the trailers of a gRPC response whose body has been read to its end.</summary>
    internal static AttemptVerdict JudgeTrailers(HttpResponseMessage response) =>
        IsFailure(GrpcStatus.GetHttpStatusOfTrailers(response)) ? AttemptVerdict.Failure : AttemptVerdict.Success;

    /// <summary>
    /// Judges a result that came from another host than the endpoint, after a redirect. A failure there is neither a failure nor a success of the endpoint.
    /// </summary>
    internal static AttemptVerdict JudgeElsewhere(in AttemptResult result, CancellationToken caller) =>
        result.Exception is OperationCanceledException && caller.IsCancellationRequested ? AttemptVerdict.Abandoned :
        result.Exception is not null || IsFailure(in result) ? AttemptVerdict.Neutral :
        AttemptVerdict.Success;

    /// <summary>
    /// Tells whether a result makes a request go elsewhere if it is sent again: the endpoint failed it, or was too busy for it. After any other answer
    /// the request may go to the same endpoint again, as a repetition with a new token does.
    /// </summary>
    internal static bool CountsAsTried(in AttemptResult result) =>
        result.Exception is not null
        || result.IsRejected
        || result.Verdict is AttemptVerdict.Failure or AttemptVerdict.Refused
        || result.Response!.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    /// <summary>
    /// Tells whether the endpoint cannot have processed the request, so that another one does not process it a second time.
    /// </summary>
    /// <param name="result">The result of the latest attempt.</param>
    /// <param name="hosts">The hosts that have answered a request of the client.</param>
    internal static bool IsUnprocessed(in AttemptResult result, KnownHosts hosts)
    {
        if (result.Exception is not { } exception || result.IsRedirected)
        {
            return false;
        }

        if (NetworkFailure.IsRefusedStream(exception))
        {
            return Replay.IsRepeatable(result.Request.Content);
        }

        return NetworkFailure.IsNotConnected(exception) && (Replay.IsIdempotent(result.Request.Method) || !MayHaveBeenSent(in result, hosts));
    }

    /// <summary>Gets how long an endpoint asks to get no requests, by a 503 or by a rejection.</summary>
    /// <remarks>Any other 429 limits the user who sent the request (RFC 6585), and says nothing about other users' requests.</remarks>
    internal TimeSpan? GetRetryAfter(in AttemptResult result) =>
        result.Response is { } response && (result.IsRejected || response.StatusCode == HttpStatusCode.ServiceUnavailable)
            ? RetryAfterHeader.Read(response, time.GetUtcNow())
            : null;

    /// <summary>Tells whether a response says that the endpoint has no room for the request.</summary>
    internal static bool IsRejection(HttpRequestMessage request, HttpResponseMessage response) =>
        GrpcStatus.GetHttpStatus(request, response) == HttpStatusCode.TooManyRequests;

    // When a reused HTTP/1.1 connection is closed before a response, SocketsHttpHandler sends a request without content a second time by itself. If that
    // is refused, the exception looks as if nothing had been sent.
    private static bool MayHaveBeenSent(in AttemptResult result, KnownHosts hosts)
    {
        var request = result.Request;
        var isHttp2 = request.Version.Major >= 2 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower;
        var isSentOnce = request.Content is not null && request.Headers.ExpectContinue != true;
        return !isHttp2 && !isSentOnce && hosts.Contains(result.Endpoint.Address);
    }

    private static AttemptVerdict GetVerdict(in AttemptResult result, bool isFailure) => result.Exception is { } exception
        ? !isFailure ? AttemptVerdict.Neutral : NetworkFailure.IsRefused(exception) ? AttemptVerdict.Refused : AttemptVerdict.Failure
        : isFailure ? AttemptVerdict.Failure : AttemptVerdict.Success;

    private static bool IsFailure(in AttemptResult result) => result.Exception is { } exception
        ? NetworkFailure.IsFromNetwork(exception)
        : IsFailure(GrpcStatus.GetHttpStatus(result.Request, result.Response!));

    private static bool IsFailure(HttpStatusCode? status) =>
        status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
