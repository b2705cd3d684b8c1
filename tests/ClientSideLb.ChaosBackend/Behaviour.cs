using Microsoft.AspNetCore.Http;

namespace ClientSideLb.ChaosBackend;

/// <summary>What the backend does with requests, until a request to <c>/become/MODE</c> makes it do something else.</summary>
/// <param name="received">Where the ids of received requests are written.</param>
internal sealed class Behaviour(TextWriter received)
{
    private const string GrpcType = "application/grpc";

    private static readonly TimeSpan FlapPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Body = new byte[1024];

    private volatile string _mode = "good";

    internal async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/become", StringComparison.Ordinal, out var mode))
        {
            _mode = mode.Value!.TrimStart('/');
            return;
        }

        if (context.Request.Headers["X-Request-Id"] is [{ } id])
        {
            // One line in one write, before anything can go wrong.
            lock (received)
            {
                received.WriteLine(id);
            }
        }

        await AnswerAsync(context, _mode == "flapping" ? Flap() : _mode);
    }

    private static async Task AnswerAsync(HttpContext context, string mode)
    {
        switch (mode)
        {
            case "hung":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return;
            case "slow" when !IsProbe(context):
                await Task.Delay(100, context.RequestAborted);
                break;
            case "busy":
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case "reset-before-headers":
                // What was sent has been processed; only the answer is missing.
                await context.Request.Body.CopyToAsync(Stream.Null);
                context.Abort();
                return;
            case "reset-after-headers" when !IsProbe(context):
                context.Response.ContentLength = Body.Length;
                await context.Response.Body.WriteAsync(Body.AsMemory(0, Body.Length / 2));
                await context.Response.Body.FlushAsync();

                // What is flushed is on its way but may not have left; an abort would take it back.
                await Task.Delay(50);
                context.Abort();
                return;
        }

        if (context.Request.ContentType == GrpcType)
        {
            await AnswerGrpcAsync(context);
            return;
        }

        context.Response.ContentLength = Body.Length;
        await context.Response.Body.WriteAsync(Body);
    }

    // The answer to a gRPC call is the message of the call.
    private static async Task AnswerGrpcAsync(HttpContext context)
    {
        context.Response.ContentType = GrpcType;
        await context.Request.Body.CopyToAsync(context.Response.Body);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static bool IsProbe(HttpContext context) => context.Request.Path == "/health";

    private static string Flap() => Environment.TickCount64 / (long)FlapPeriod.TotalMilliseconds % 2 == 0 ? "busy" : "good";
}
