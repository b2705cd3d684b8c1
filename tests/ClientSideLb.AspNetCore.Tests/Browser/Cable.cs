using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>The connection between a browser and an application. A test can cut it, which aborts all requests, and mend it.</summary>
internal sealed class Cable
{
    private readonly ConcurrentDictionary<HttpContext, bool> _requests = new();
    private volatile bool _isCut;

    internal async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        _requests[context] = true;
        try
        {
            if (_isCut)
            {
                context.Abort();
                return;
            }

            await next(context);
        }
        finally
        {
            _requests.TryRemove(context, out _);
        }
    }

    internal void Cut()
    {
        _isCut = true;
        foreach (var context in _requests.Keys)
        {
            context.Abort();
        }
    }

    internal void Mend() => _isCut = false;
}
