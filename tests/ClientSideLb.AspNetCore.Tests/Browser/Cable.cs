using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.AspNetCore.Tests.Browser;

/// <summary>What is between a browser and an application: it can be cut, with all requests on it, and mended.</summary>
internal sealed class Cable
{
    private readonly ConcurrentDictionary<HttpContext, bool> _underWay = new();
    private volatile bool _isCut;

    internal async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        _underWay[context] = true;
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
            _underWay.TryRemove(context, out _);
        }
    }

    internal void Cut()
    {
        _isCut = true;
        foreach (var context in _underWay.Keys)
        {
            context.Abort();
        }
    }

    internal void Mend() => _isCut = false;
}
