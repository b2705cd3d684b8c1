using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Simulator.Tests.Reality;

/// <summary>
/// Compares the simulated slow backend with a real one: real backends behind real sockets, with a <see cref="ServiceClock"/>, so that the
/// result does not depend on how busy the machine is.
/// </summary>
public sealed class KestrelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Backends = 5;
    private const int Workers = 20;

    /// <summary>The tolerance of the slow backend's share: four times the standard error of about 2,000 real requests.</summary>
    private const double ShareTolerance = 0.02;

    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RealTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SimulatedTime = TimeSpan.FromMinutes(1);

    private static readonly string[] Strategies =
        [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.LeastConnections];

    private readonly WebApplication[] _backends = new WebApplication[Backends];
    private ServiceClock _clock = null!;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Backends; i++)
        {
            var backend = i;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _backends[i] = builder.Build();
            _backends[i].MapGet("/", () => _clock.ServeAsync(backend, backend == 0 ? Slow : Fast));
            await _backends[i].StartAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_real_slow_backend_gets_the_same_share_as_a_simulated_one_and_the_strategies_rank_in_the_same_order()
    {
        var results = new List<(double RealShare, double SimulatedShare, double RealRate, double SimulatedRate)>();
        foreach (var strategy in Strategies)
        {
            var (share, rate) = await MeasureAsync(strategy);
            var simulated = Simulate(strategy);
            var simulatedRate = simulated.Requests / simulated.Measured.TotalSeconds;
            results.Add((share, simulated.Backends[0].Share, rate, simulatedRate));
            output.WriteLine($"{strategy}: slow backend {share:P1}, simulated {simulated.Backends[0].Share:P1}; {rate:0} requests a second, simulated {simulatedRate:0}");
        }

        Assert.All(results, static result => Assert.InRange(result.RealShare, result.SimulatedShare - ShareTolerance, result.SimulatedShare + ShareTolerance));

        // Round robin waits for the slow backend, and the others avoid it. Two choices and the shortest queue are close to each other.
        var (roundRobin, two, shortest) = (results[0], results[1], results[2]);
        Assert.True(roundRobin.SimulatedRate * 1.5 < Math.Min(two.SimulatedRate, shortest.SimulatedRate));
        Assert.True(roundRobin.RealRate * 1.5 < Math.Min(two.RealRate, shortest.RealRate));
        Assert.True(roundRobin.RealShare > two.RealShare && two.RealShare >= shortest.RealShare - ShareTolerance);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    private async Task<(double Share, double Rate)> MeasureAsync(string strategy)
    {
        using var clock = _clock = new ServiceClock(Workers, Backends, WarmUp);
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

        var workers = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(http)));

        // If a worker fails, the clock waits for ever.
        await await Task.WhenAny(workers, clock.RunAsync(WarmUp + RealTime, TestContext.Current.CancellationToken));
        await workers;

        var total = clock.Requests.Sum();
        return ((double)clock.Requests[0] / total, total / RealTime.TotalSeconds);
    }

    private async Task WorkAsync(HttpClient http)
    {
        while (!_clock.HasEnded)
        {
            using var response = await http.GetAsync("/", TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }

    private static RunResult Simulate(string strategy)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.OutlierDetection.Enabled = false;
        return Simulation.Run(new Scenario
        {
            Duration = WarmUp + SimulatedTime,
            WarmUp = WarmUp,
            RoundTrip = TimeSpan.Zero,
            Clients = [new ClientGroup { Arrivals = new ClosedLoopArrivals { Workers = Workers }, Balancer = balancer }],
            Backends =
            [
                new BackendGroup { Concurrency = Workers, Service = new ExponentialTime { Mean = Slow } },
                new BackendGroup { Count = Backends - 1, Concurrency = Workers, Service = new ExponentialTime { Mean = Fast } },
            ],
        });
    }
}
