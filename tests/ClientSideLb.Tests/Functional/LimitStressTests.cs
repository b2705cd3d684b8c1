using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>Whatever happens at the same time, a backend never sees more requests at once than the limit permits.</summary>
public sealed class LimitStressTests
{
    private const int Limit = 4;

    [Fact]
    public async Task Failover_trials_panic_slow_start_drains_and_reloads_exceed_no_limit()
    {
        const int Workers = 40;
        const int RequestsOfEach = 60;

        var watches = Enumerable.Range(0, 3).Select(static _ => new ConcurrencyWatch()).ToArray();
        await using var fleet = await BackendFleet.StartAsync(watches.Select(static watch => Backend.StartAsync(context => AnswerAsync(context, watch))));
        var configuration = new ReloadableConfiguration(Options(fleet, reload: 0));
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(configuration.Root.GetSection("Api")));
        await GetAsync(client, synchronous: false);
        using var stop = new CancellationTokenSource();
        var changes = Task.Run(async () =>
        {
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                configuration.Replace(Options(fleet, i));
                client.Cluster.TryDrain(fleet[i % 3].Address);
                await Task.Delay(5);
                client.Cluster.TryResume(fleet[i % 3].Address);
                await Task.Delay(5);
            }
        });

        var ends = new ConcurrentDictionary<string, int>();
        await Eventually.Done(Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < RequestsOfEach; i++)
            {
                ends.AddOrUpdate(await GetAsync(client, synchronous: worker % 8 == 0), 1, static (_, count) => count + 1);
            }
        }))));
        await stop.CancelAsync();
        await Eventually.Done(changes);

        Assert.All(watches, static watch => Assert.InRange(watch.Most, 1, Limit));
        Assert.Contains(watches, static watch => watch.Most == Limit);
        Assert.InRange(ends["OK"], Workers * RequestsOfEach / 2, Workers * RequestsOfEach);
        await Eventually.Equal((0, 0), () => (client.InFlight, client.Cluster.QueuedCount));
    }

    [Fact]
    public async Task Hedges_exceed_no_limit()
    {
        // The place of a hedge that has lost is given back when it is cancelled here, and its backend sees that later. So this test counts before the network.
        var primary = new CountingPrimary();
        await using var client = BalancedClient.Create(builder => builder
            .ConfigurePrimaryHttpMessageHandler(() => primary)
            .AddLoadBalancing(static options =>
            {
                options.AddEndpoints(Enumerable.Range(0, 3).Select(Backends.AddressOf));
                (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (Limit, 1000);
                options.Concurrency.QueueTimeout = TimeSpan.FromMinutes(1);
                (options.Failover.HedgingDelay, options.Failover.RetryBudget) = (TimeSpan.FromMilliseconds(1), 1);
            }));

        await Eventually.Done(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var response = await client.Http.GetAsync("/");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }))));

        Assert.Equal(3, primary.Watches.Count);
        Assert.All(primary.Watches.Values, static watch => Assert.InRange(watch.Most, 1, Limit));
        Assert.True(primary.Watches.Values.Sum(static watch => watch.Count) > 1000, "no request was hedged");
        await Eventually.Equal(0, () => client.InFlight);
    }

    private static async Task<string> GetAsync(BalancedClient client, bool synchronous)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            using var response = synchronous ? client.Http.Send(request) : await client.Http.SendAsync(request);
            return response.StatusCode.ToString();
        }
        catch (HttpRequestException fault)
        {
            return fault.GetType().Name;
        }
    }

    private static async Task AnswerAsync(HttpContext context, ConcurrencyWatch watch)
    {
        watch.Enter();
        await Task.Delay(Random.Shared.Next(3));

        // The client may see the end of the answer before this method ends, so it does not count any more.
        watch.Leave();
        switch (Random.Shared.Next(20))
        {
            case 0 or 1 or 2:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case 3:
                context.Abort();
                break;
            default:
                await context.Response.WriteAsync("ok");
                break;
        }
    }

    private static (string Key, string Value)[] Options(IReadOnlyList<Backend> backends, int reload) =>
    [
        ("Api:Strategy", EveryStrategy.Names[reload % EveryStrategy.Names.Count]),
        ("Api:HashKey", "path"),
        ("Api:Concurrency:MaxInFlightPerEndpoint", $"{Limit}"),
        ("Api:Concurrency:QueueLimit", "1000"),
        ("Api:Concurrency:QueueTimeout", "00:00:20"),
        ("Api:Concurrency:WaitForOwner", reload % 4 == 3 ? "true" : "false"),
        ("Api:SlowStart", reload % 2 == 0 ? "00:00:00" : "00:00:00.2"),
        ("Api:PanicThreshold", reload % 3 == 0 ? "0.9" : "0"),
        ("Api:Failover:RetryBudget", "1"),
        ("Api:OutlierDetection:ConsecutiveFailures", "2"),
        ("Api:OutlierDetection:BaseEjectionTime", "00:00:00.03"),
        .. backends.SelectMany((backend, i) => new[]
        {
            ($"Api:Endpoints:{i}:Address", backend.Address.ToString()),
            ($"Api:Endpoints:{i}:Weight", reload % 5 == 4 ? $"{i + 1}" : "1"),
        }),
    ];

    private sealed class ConcurrencyWatch
    {
        private int _now;
        private int _most;
        private int _count;

        internal int Most => _most;

        internal int Count => _count;

        internal void Enter()
        {
            var now = Interlocked.Increment(ref _now);
            Interlocked.Increment(ref _count);
            for (var most = _most; now > most; most = _most)
            {
                Interlocked.CompareExchange(ref _most, now, most);
            }
        }

        internal void Leave() => Interlocked.Decrement(ref _now);
    }

    private sealed class CountingPrimary : HttpMessageHandler
    {
        internal ConcurrentDictionary<string, ConcurrencyWatch> Watches { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var watch = Watches.GetOrAdd(request.RequestUri!.Host, static _ => new ConcurrencyWatch());
            watch.Enter();
            try
            {
                await Task.Delay(Random.Shared.Next(6), cancellationToken);
            }
            finally
            {
                watch.Leave();
            }

            return new HttpResponseMessage { RequestMessage = request };
        }
    }
}
