using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>
/// Kestrel on a port for each backend. They share a process, so that a request that goes to one of several meets a process as warm as one
/// that always goes to the same: what is measured is the way there.
/// </summary>
internal static class BackendServer
{
    // Of a size that an answer of a service often has, and that fits in a packet of the loopback network.
    private const int BodyLength = 1024;

    /// <summary>Starts a backend for each delay in milliseconds.</summary>
    internal static async Task<IAsyncDisposable> StartAsync(string[] delays, Action<Announcement> announce)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var _ in delays)
            {
                kestrel.Listen(IPAddress.Loopback, 0);
            }
        });

        var backends = new Dictionary<int, Backend>();
        var app = builder.Build();
        app.Run(context => backends[context.Connection.LocalPort].AnswerAsync(context));
        await app.StartAsync();

        int[] ports = [.. app.Urls.Select(static url => new Uri(url).Port)];
        for (var i = 0; i < ports.Length; i++)
        {
            backends.Add(ports[i], new Backend((byte)i, int.Parse(delays[i], CultureInfo.InvariantCulture)));
        }

        announce(new Announcement(ports, [Environment.ProcessId]));
        return app;
    }

    private sealed class Backend
    {
        private readonly byte[] _body = new byte[BodyLength];
        private readonly int _delay;

        internal Backend(byte index, int delay)
        {
            // So that whoever reads the answer knows who gave it.
            _body[0] = index;
            _delay = delay;
        }

        internal async Task AnswerAsync(HttpContext context)
        {
            if (_delay > 0)
            {
                await Task.Delay(_delay, context.RequestAborted);
            }

            context.Response.ContentLength = BodyLength;
            await context.Response.Body.WriteAsync(_body, context.RequestAborted);
        }
    }
}
