using System.Net;
using System.Runtime.InteropServices;
using Yarp.ReverseProxy.Configuration;

namespace GatewayContrast;

/// <summary>Runs this program as one of its own child processes: the backends, or the gateway.</summary>
internal static class Servers
{
    internal const string Backends = "serve-backends";
    internal const string Gateway = "serve-gateway";

    /// <summary>Serves until standard input ends. The parent closes it; the system does if the parent is killed.</summary>
    internal static async Task ServeAsync(string[] args)
    {
        // A terminal sends Ctrl+C to the children as well, but only the parent decides when they stop.
        using var ignored = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);

        var rest = args[1..];
        await using var app = args[0] == Backends ? CreateBackends(int.Parse(rest[0])) : CreateGateway(rest);
        await app.StartAsync();
        Console.WriteLine(string.Join(' ', app.Urls));

        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
    }

    private static WebApplication CreateBackends(int count)
    {
        var app = CreateBuilder(count).Build();
        app.MapGet("/orders/{id}", static (int id) => $"order {id}");
        return app;
    }

    private static WebApplication CreateGateway(string[] backends)
    {
        var builder = CreateBuilder(ports: 1);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "orders", ClusterId = "orders", Match = new RouteMatch { Path = "{**path}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "orders",
                    LoadBalancingPolicy = Yarp.ReverseProxy.LoadBalancing.LoadBalancingPolicies.PowerOfTwoChoices,
                    Destinations = backends.ToDictionary(static backend => backend, static backend => new DestinationConfig { Address = backend }),
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        return app;
    }

    private static WebApplicationBuilder CreateBuilder(int ports)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var i = 0; i < ports; i++)
            {
                kestrel.Listen(IPAddress.Loopback, 0);
            }
        });
        return builder;
    }
}
