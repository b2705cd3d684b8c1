using System.Net;
using System.Net.Sockets;
using Polly.Timeout;

namespace ClientSideLb;

/// <summary>The one place that says what counts as a failure of an endpoint, for outlier detection and failover alike.</summary>
internal sealed class FailureClassifier(Func<AttemptOutcome, bool>? isFailure, TimeProvider time)
{
    /// <summary>Judges an outcome. A cancellation by the caller is never a failure.</summary>
    internal Verdict Judge(in AttemptOutcome outcome, CancellationToken caller)
    {
        if (outcome.Exception is OperationCanceledException && caller.IsCancellationRequested)
        {
            return Verdict.Abandoned;
        }

        var failed = isFailure?.Invoke(outcome) ?? IsFailure(in outcome);
        return outcome.Exception is { } exception
            ? !failed ? Verdict.Neutral : IsRefused(exception) ? Verdict.Refused : Verdict.Failure
            : failed ? Verdict.Failure : Verdict.Success;
    }

    /// <summary>
    /// Judges an outcome of what an endpoint redirected to, at another place. It answered by the redirect, and what failed there says
    /// nothing of it.
    /// </summary>
    internal static Verdict JudgeElsewhere(Exception? failure, CancellationToken caller) =>
        failure is null ? Verdict.Success :
        failure is OperationCanceledException && caller.IsCancellationRequested ? Verdict.Abandoned :
        Verdict.Neutral;

    /// <summary>Tells whether nothing of the request has left this machine, so that sending it elsewhere cannot do it twice.</summary>
    internal static bool IsNothingSent(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Gets how long an endpoint asks to be left alone: <c>Retry-After</c> on 429 and 503.</summary>
    internal TimeSpan? SetAside(HttpResponseMessage? response)
    {
        if (response?.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || response.Headers.RetryAfter is not { } retryAfter)
        {
            return null;
        }

        var asked = retryAfter.Delta ?? retryAfter.Date - time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }

    private static bool IsFailure(in AttemptOutcome outcome) => outcome.Exception is { } exception
        ? IsTransportError(exception)
        : outcome.Response!.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

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
