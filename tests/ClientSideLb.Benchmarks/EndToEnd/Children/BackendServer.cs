using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>
/// Kestrel on a port for each backend. They share a process, so that a request that goes to one of several meets a process as warm as one
/// that always goes to the same: what is measured is the way there.
/// </summary>
internal static class BackendServer
{
    /// <summary>Starts a backend for each argument, which are its traits.</summary>
    internal static async Task<IAsyncDisposable> StartAsync(string[] traits, Action<Announcement> announce)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var _ in traits)
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
            backends.Add(ports[i], new Backend((byte)i, BackendTraits.Parse(traits[i])));
        }

        announce(new Announcement(ports, [Environment.ProcessId]));
        return app;
    }
}
