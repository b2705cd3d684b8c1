using System.Net;
using System.Net.Sockets;
using Polly.Timeout;

namespace ClientSideLb.Requests;

/// <summary>Decides whether a result is a failure of the endpoint. Outlier detection and failover use the same decision.</summary>
internal sealed class FailureClassifier(Func<AttemptResult, bool>? isFailure, TimeProvider time)
{
    /// <summary>Gets a value indicating whether the application has its own rule. That rule may read when an attempt ended, so its results must be timed.</summary>
    internal bool HasOwnRule => isFailure is not null;

    /// <summary>Judges the result of an attempt. A cancellation by the caller is never a failure, and the application's rule is not called for it.</summary>
    internal AttemptVerdict Judge(in AttemptResult result, CancellationToken caller)
    {
        if (result.Exception is OperationCanceledException && caller.IsCancellationRequested)
        {
            return AttemptVerdict.Abandoned;
        }

        var verdict = GetVerdict(in result, IsFailure(in result));
        return isFailure is null ? verdict : GetVerdict(in result, isFailure(result with { Verdict = verdict }));
    }

    /// <summary>
    /// Judges a result that came from another host than the endpoint, after a redirect. The endpoint has answered with the redirect, so a failure
    /// of the other host is not its failure.
    /// </summary>
    internal static AttemptVerdict JudgeElsewhere(Exception? failure, CancellationToken caller) =>
        failure is null ? AttemptVerdict.Success :
        failure is OperationCanceledException && caller.IsCancellationRequested ? AttemptVerdict.Abandoned :
        AttemptVerdict.Neutral;

    /// <summary>Tells whether the request failed before any of it was sent, so that another endpoint cannot execute it a second time.</summary>
    internal static bool IsNothingSent(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Gets how long an endpoint asks to get no requests, by <c>Retry-After</c> on a 429 or 503.</summary>
    internal TimeSpan? GetRetryAfter(HttpResponseMessage? response)
    {
        if (response?.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || response.Headers.RetryAfter is not { } retryAfter)
        {
            return null;
        }

        var asked = retryAfter.Delta ?? retryAfter.Date - time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }

    private static AttemptVerdict GetVerdict(in AttemptResult result, bool isFailure) => result.Exception is { } exception
        ? !isFailure ? AttemptVerdict.Neutral : IsRefused(exception) ? AttemptVerdict.Refused : AttemptVerdict.Failure
        : isFailure ? AttemptVerdict.Failure : AttemptVerdict.Success;

    private static bool IsFailure(in AttemptResult result) => result.Exception is { } exception
        ? IsTransportError(exception)
        : result.Response!.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // The primary handler reports a connect timeout as a cancellation with an inner TimeoutException.
    private static bool IsTransportError(Exception exception) => exception is HttpRequestException or IOException or SocketException
        or TimeoutRejectedException or OperationCanceledException { InnerException: TimeoutException };

    private static bool IsRefused(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                return true;
            }
        }

        return false;
    }
}
