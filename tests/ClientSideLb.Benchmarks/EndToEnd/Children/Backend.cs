using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>One backend. Any path gets the same answer; what differs is how long it takes.</summary>
internal sealed class Backend
{
    /// <summary>The first segment of the path of dear requests.</summary>
    internal const string DearPath = "dear";

    // Of a size that an answer of a service often has, and that fits in a packet of the loopback network.
    private const int BodyLength = 1024;

    private readonly byte[] _body = new byte[BodyLength];
    private readonly BackendTraits _traits;
    private readonly SemaphoreSlim? _room;

    private volatile ColdTime? _cold;

    internal Backend(byte index, BackendTraits traits)
    {
        // So that whoever reads the answer knows who gave it.
        _body[0] = index;
        _traits = traits;
        _room = traits.AtOnce > 0 ? new SemaphoreSlim(traits.AtOnce) : null;
    }

    /// <summary>Gets the path to which a POST makes a backend cold, and how long it takes to be warm again.</summary>
    internal static string ColdPathOf(TimeSpan length) => string.Create(CultureInfo.InvariantCulture, $"cold/{length.TotalMilliseconds:0}");

    internal async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            _cold = new ColdTime(Stopwatch.GetTimestamp(), int.Parse(context.Request.Path.Value!.Split('/')[^1], CultureInfo.InvariantCulture));
            return;
        }

        if (_traits.ErrorRate > 0 && Random.Shared.NextDouble() < _traits.ErrorRate)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        else
        {
            await WorkAsync(context);
        }

        context.Response.ContentLength = BodyLength;
        await context.Response.Body.WriteAsync(_body, context.RequestAborted);
    }

    private async ValueTask WorkAsync(HttpContext context)
    {
        if (_room is not null)
        {
            await _room.WaitAsync(context.RequestAborted);
        }

        try
        {
            if (MillisecondsOf(context.Request) is > 0 and var milliseconds)
            {
                await Task.Delay(milliseconds, context.RequestAborted);
            }
        }
        finally
        {
            _room?.Release();
        }
    }

    private int MillisecondsOf(HttpRequest request)
    {
        if (_traits.DearMilliseconds > 0 && request.Path.StartsWithSegments($"/{DearPath}", StringComparison.Ordinal))
        {
            return _traits.DearMilliseconds;
        }

        return _cold is { Left: var cold } ? (int)double.Lerp(_traits.Milliseconds, _traits.ColdMilliseconds, cold) : _traits.Milliseconds;
    }

    private sealed record ColdTime(long Started, int Milliseconds)
    {
        /// <summary>Gets the part of it that is left.</summary>
        internal double Left => Math.Max(0, 1 - (Stopwatch.GetElapsedTime(Started).TotalMilliseconds / Milliseconds));
    }
}
