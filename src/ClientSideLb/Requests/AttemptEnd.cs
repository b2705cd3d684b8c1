using System.Runtime.ExceptionServices;

namespace ClientSideLb;

/// <summary>How an attempt ended, and what that says of its endpoint.</summary>
/// <param name="Verdict">What it says of the endpoint.</param>
/// <param name="Response">The response, or <see langword="null"/> where there was an exception.</param>
/// <param name="Exception">The exception, or <see langword="null"/> where there was a response.</param>
/// <param name="IsRedirected">Whether the endpoint had answered before, by a redirect, so that the request has been received whatever came of that.</param>
internal readonly record struct AttemptEnd(Verdict Verdict, HttpResponseMessage? Response, Exception? Exception, bool IsRedirected = false)
{
    internal bool Failed => Verdict is Verdict.Failure or Verdict.Refused;

    /// <summary>Gives the caller what the attempt gave.</summary>
    internal HttpResponseMessage ResponseOrThrow()
    {
        if (Exception is not null)
        {
            ExceptionDispatchInfo.Throw(Exception);
        }

        return Response!;
    }
}
