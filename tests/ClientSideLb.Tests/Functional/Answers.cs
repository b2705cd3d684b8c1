using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Functional;

/// <summary>Answers of backends that many tests use.</summary>
internal static class Answers
{
    internal static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Answers 503, with a body.</summary>
    internal static Task BusyAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("busy");
    }

    /// <summary>Breaks the connection without an answer.</summary>
    internal static Task ResetAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Answers 200, and closes the connection in the middle of the body.</summary>
    internal static Task BreakOffAsync(HttpContext context)
    {
        // An abort might come before the headers have been sent. The server closes the connection by itself when too little has been written.
        context.Response.ContentLength = 100;
        return context.Response.Body.WriteAsync(new byte[10]).AsTask();
    }

    /// <summary>Never answers.</summary>
    internal static Task HangAsync(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
}
