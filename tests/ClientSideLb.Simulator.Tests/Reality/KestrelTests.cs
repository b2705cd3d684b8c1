using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Simulator.Tests.Reality;

/// <summary>The story of the slow backend with real backends, real sockets and real time, beside the same story simulated.</summary>
public sealed class KestrelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Backends = 5;
    private const int Workers = 20;

    /// <summary>How far the part of the requests that the slow backend gets may be from the simulated one. Timers of a busy machine are late, the fast backend's more than the slow one's in proportion.</summary>
    private const double ShareTolerance = 0.04;

    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4);

    private static readonly string[] Strategies =
        [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.LeastConnections];

    private readonly WebApplication[] _backends = new WebApplication[Backends];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Backends; i++)
        {
            var time = i == 0 ? Slow : Fast;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _backends[i] = builder.Build();
            _backends[i].MapGet("/", async (HttpContext context) => await Task.Delay(time, context.RequestAborted));
            await _backends[i].StartAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Strategies_come_in_the_same_order_and_the_slow_backend_gets_the_same_share()
    {
        var results = new List<(string Strategy, double RealShare, double SimulatedShare, double RealRequests, double SimulatedRequests)>();
        foreach (var strategy in Strategies)
        {
            var (share, requests) = await MeasureAsync(strategy);
            var simulated = Simulate(strategy);
            results.Add((strategy, share, simulated.Backends[0].Share, requests, simulated.Requests));
            output.WriteLine($"{strategy}: slow backend {share:P1}, simulated {simulated.Backends[0].Share:P1}; {requests} requests, simulated {simulated.Requests}");
        }

        Assert.All(results, static result => Assert.InRange(result.RealShare, result.SimulatedShare - ShareTolerance, result.SimulatedShare + ShareTolerance));

        // By how much work gets done: round robin waits for the slow backend, the others go around it. Two choices and the shortest queue are close.
        var (roundRobin, two, shortest) = (results[0], results[1], results[2]);
        Assert.True(roundRobin.SimulatedRequests * 1.5 < Math.Min(two.SimulatedRequests, shortest.SimulatedRequests));
        Assert.True(roundRobin.RealRequests * 1.2 < Math.Min(two.RealRequests, shortest.RealRequests));
        Assert.True(roundRobin.RealShare > two.RealShare && two.RealShare >= shortest.RealShare - ShareTolerance);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    private async Task<(double Share, int Requests)> MeasureAsync(string strategy)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api", static client => client.BaseAddress = new Uri("http://api")).AddLoadBalancing(options =>
        {
            options.Strategy = strategy;
            options.OutlierDetection.Enabled = false;
            foreach (var backend in _backends)
            {
                options.Endpoints.Add(new EndpointOptions { Address = new Uri(backend.Urls.Single()) });
            }
        });
        await using var provider = services.BuildServiceProvider();
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var counts = new ConcurrentDictionary<Uri, int>();

        // Connections are opened, and code is compiled, before the time counts.
        await WorkAsync(http, [], TimeSpan.FromSeconds(1));
        await WorkAsync(http, counts, Time);

        var total = counts.Values.Sum();
        return ((double)counts[new Uri(_backends[0].Urls.Single())] / total, total);
    }

    private static async Task WorkAsync(HttpClient http, ConcurrentDictionary<Uri, int> counts, TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(started) < time)
            {
                using var response = await http.GetAsync("/", TestContext.Current.CancellationToken);
                counts.AddOrUpdate(response.RequestMessage!.GetEndpoint()!.Address, 1, static (_, count) => count + 1);
            }
        })));
    }

    private static RunResult Simulate(string strategy)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.OutlierDetection.Enabled = false;
        return Simulation.Run(new Scenario
        {
            Duration = Time + TimeSpan.FromSeconds(1),
            WarmUp = TimeSpan.FromSeconds(1),
            Clients = new ClientGroup { Arrivals = new ClosedLoopArrivals { Workers = Workers }, Balancer = balancer },
            Backends =
            [
                new BackendGroup { Concurrency = Workers, Service = new ConstantTime { Mean = Slow } },
                new BackendGroup { Count = Backends - 1, Concurrency = Workers, Service = new ConstantTime { Mean = Fast } },
            ],
        });
    }
}
