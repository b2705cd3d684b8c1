using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace ClientSideLb.Benchmarks.EndToEnd.Children;

/// <summary>A gateway of YARP at its defaults, without a log.</summary>
internal static class YarpServer
{
    /// <summary>Starts it over the addresses of backends.</summary>
    internal static async Task<IAsyncDisposable> StartAsync(string[] backends, Action<Announcement> announce)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "api", Match = new RouteMatch { Path = "{**all}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "api",
                    Destinations = backends.ToDictionary(static backend => backend, static backend => new DestinationConfig { Address = backend }),
                },
            ]);

        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        announce(new Announcement([new Uri(app.Urls.Single()).Port], [Environment.ProcessId]));
        return app;
    }
}
