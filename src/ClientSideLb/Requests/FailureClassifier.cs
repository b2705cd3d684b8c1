using System.Net;
using System.Net.Sockets;
using Polly.Timeout;

namespace ClientSideLb.Requests;

/// <summary>Decides what counts as a failure of an endpoint, for outlier detection and failover alike.</summary>
internal sealed class FailureClassifier(Func<AttemptResult, bool>? isFailure, TimeProvider time)
{
    /// <summary>Gets a value indicating whether the application has a rule of its own, which sees when an attempt ended.</summary>
    internal bool HasOwnRule => isFailure is not null;

    /// <summary>Judges the result of an attempt. A cancellation by the caller is never a failure.</summary>
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
    /// Judges a result that came from another place than the endpoint, after a redirect. The endpoint answered by the redirect, and a failure at
    /// the other place is not its failure.
    /// </summary>
    internal static AttemptVerdict JudgeElsewhere(Exception? failure, CancellationToken caller) =>
        failure is null ? AttemptVerdict.Success :
        failure is OperationCanceledException && caller.IsCancellationRequested ? AttemptVerdict.Abandoned :
        AttemptVerdict.Neutral;

    /// <summary>Tells whether nothing of the request has left this machine, so that sending it elsewhere cannot do it twice.</summary>
    internal static bool IsNothingSent(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Gets how long an endpoint asks to be left alone: <c>Retry-After</c> on 429 and 503.</summary>
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

    // A connect timeout of the primary handler arrives as a cancellation that nobody asked for.
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
