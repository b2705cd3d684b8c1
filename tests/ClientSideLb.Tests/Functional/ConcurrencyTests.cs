namespace ClientSideLb.Tests.Functional;

public sealed class ConcurrencyTests
{
    private const int Workers = 32;

    [Theory]
    [InlineData(LoadBalancingStrategies.LeastConnections)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    [InlineData(LoadBalancingStrategies.PeakEwma)]
    public async Task Strategies_that_look_at_load_keep_away_from_a_backend_that_does_not_answer(string strategy)
    {
        const int Requests = 4000;

        var gate = new Gate();
        await using var stuck = await Backend.StartAsync(gate.HoldAsync);
        await using var fleet = await BackendFleet.StartAsync(3);
        await using var client = BalancedClient.Of([stuck, .. fleet], options => options.Strategy = strategy);

        var working = SendAsync(client, Requests);

        // A worker at the stuck backend sends no more. With a strategy that ignores the load, soon every worker would be there.
        await Eventually.True(() => stuck.Count + fleet.Counts.Sum() == Requests, "all requests have been sent");
        Assert.Equal(stuck.Count, client.EndpointOf(stuck).InFlight);
        Assert.InRange(stuck.Count, 1, (Workers / 2) + 4);
        gate.Open();
        await Eventually.Done(working);

        Assert.Equal(Requests, stuck.Count + fleet.Counts.Sum());
        Assert.All(client.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.RoundRobin)]
    [InlineData(LoadBalancingStrategies.WeightedRoundRobin)]
    public async Task Strategies_that_take_turns_are_exact_under_concurrency(string strategy)
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        await using var client = BalancedClient.Of(fleet, options => options.Strategy = strategy);

        await SendAsync(client, 3000);

        Assert.Equal([1000, 1000, 1000], fleet.Counts);
        Assert.All(client.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.Random)]
    [InlineData(LoadBalancingStrategies.LeastConnections)]
    [InlineData(LoadBalancingStrategies.PowerOfTwoChoices)]
    [InlineData(LoadBalancingStrategies.PeakEwma)]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    public async Task No_request_is_lost_or_sent_twice_while_endpoints_drain_and_resume(string strategy)
    {
        const int Requests = 2000;

        await using var fleet = await BackendFleet.StartAsync(3);
        await using var client = BalancedClient.Of(fleet, options => options.Strategy = strategy);
        _ = client.Http;

        var working = SendAsync(client, Requests);
        for (var round = 0; !working.IsCompleted; round++)
        {
            var address = fleet[round % 3].Address;
            client.Cluster.TryDrain(address);
            await Task.Yield();
            client.Cluster.TryResume(address);
        }

        await working;
        Assert.Equal(Requests, fleet.Counts.Sum());
        Assert.All(client.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    [Fact]
    public async Task Cancelling_many_requests_at_any_moment_leaves_none_in_flight()
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        await using var client = BalancedClient.Of(fleet);
        var http = client.Http;
        var random = new Random(Seed: 7);
        var delays = Enumerable.Range(0, 1000).Select(_ => TimeSpan.FromMicroseconds(random.Next(3000))).ToArray();

        await Parallel.ForEachAsync(delays, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (delay, _) =>
        {
            using var cancellation = new CancellationTokenSource(delay);
            try
            {
                using var response = await http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, cancellation.Token);
                await response.Content.ReadAsStringAsync(cancellation.Token);
            }
            catch (OperationCanceledException)
            {
            }
        });

        Assert.All(client.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    private static Task SendAsync(BalancedClient client, int requests)
    {
        var http = client.Http;
        var sent = 0;
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref sent) is var number && number <= requests)
            {
                using var response = await http.GetAsync($"/{number}");
                response.EnsureSuccessStatusCode();
            }
        })));
    }
}
