using ClientSideLb.Shared;

namespace ClientSideLb.Requests;

/// <summary>
/// The exception of an attempt that ran out of time: an <see cref="HttpRequestException"/> with an inner <see cref="TimeoutException"/>. Callers and
/// resilience handlers know that type as a fault of the network. A <see cref="TaskCanceledException"/> would look as if somebody had given up.
/// </summary>
internal static class TimeLimitFailure
{
    // The error must stay unknown. A connection error would say that nothing was sent.
    internal static HttpRequestException Create(HttpRequestMessage request, TimeSpan timeout, Exception? cause)
    {
        var message = $"The endpoint sent no response headers within the attempt timeout of {DurationText.Of(timeout)}.";
        return new HttpRequestException(HttpRequestError.Unknown, message, new TimeoutException(message, GrpcFailure.GetCause(request, message, cause)));
    }

    /// <summary>Tells whether an attempt ran out of time. A connection that could not be made in time has a known error.</summary>
    internal static bool Is(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: TimeoutException };
}
