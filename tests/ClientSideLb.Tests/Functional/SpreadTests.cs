using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

public sealed class SpreadTests : IDisposable
{
    private readonly WireMockFleet _fleet = new(3);

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task Round_robin_gives_every_backend_the_same_number_of_requests()
    {
        await using var client = BalancedClient.Of(_fleet.Addresses, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await client.GetAsync(30);

        await Eventually.Equal([10, 10, 10], () => _fleet.Counts);
    }

    [Fact]
    public async Task Round_robin_takes_backends_in_turn()
    {
        await using var client = BalancedClient.Of(_fleet.Addresses, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        var visited = await VisitAsync(client, Enumerable.Range(0, 9).Select(static _ => new HttpRequestMessage(HttpMethod.Get, "/")));

        Assert.Equal(3, visited[..3].Distinct().Count());
        Assert.Equal(visited[..3], visited[3..6]);
        Assert.Equal(visited[..3], visited[6..]);
    }

    [Fact]
    public async Task Weighted_round_robin_gives_each_backend_its_share()
    {
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin;
            options.AddEndpoints(_fleet.Addresses);
            options.Endpoints[0].Weight = 5;
        }));

        await client.GetAsync(21);

        await Eventually.Equal([15, 3, 3], () => _fleet.Counts);
    }

    [Theory]
    [ClassData<EveryStrategy>]
    public async Task Every_strategy_reaches_every_backend_but_the_one_of_weight_0(string strategy)
    {
        await using var client = BalancedClient.Create(builder => builder.AddLoadBalancing(options =>
        {
            options.Strategy = strategy;
            options.AddEndpoints(_fleet.Addresses);
            options.Endpoints[1].Weight = 0;
        }));

        // A hundred callers have a key each, so that the strategies that hash can spread them. They come at the same time, because one after the
        // other may all go to the backend that answers fastest.
        await Task.WhenAll(Enumerable.Range(0, 100).Select(caller =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.SetClientIp(new IPAddress([192, 0, 2, (byte)caller]));
            request.SetHashKey($"caller {caller}");
            return VisitAsync(client, [request]);
        }));

        await Eventually.Equal(100, () => _fleet.Counts.Sum());
        Assert.NotEqual(0, _fleet.Counts[0]);
        Assert.Equal(0, _fleet.Counts[1]);
        Assert.NotEqual(0, _fleet.Counts[2]);
    }

    [Fact]
    public async Task Requests_with_the_same_hash_key_go_to_the_same_backend()
    {
        await using var client = BalancedClient.Of(_fleet.Addresses, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);

        await VisitAsync(client, [.. Users(), .. Users(), .. Users()]);

        await Eventually.Equal(60, () => _fleet.Counts.Sum());
        var visited = Enumerable.Range(0, 3).SelectMany(_fleet.PathsAt);
        Assert.Equal(20, visited.Count());
    }

    [Fact]
    public async Task A_drain_moves_only_the_keys_of_the_drained_backend_and_its_end_moves_them_back()
    {
        await using var client = BalancedClient.Of(_fleet.Addresses, static options => options.Strategy = LoadBalancingStrategies.ConsistentHash);
        var before = await VisitAsync(client, Users());
        var drained = before[0];

        client.Cluster.TryDrain(drained);
        var during = await VisitAsync(client, Users());
        client.Cluster.TryResume(drained);
        var after = await VisitAsync(client, Users());

        Assert.DoesNotContain(drained, during);
        Assert.All(before.Zip(during), pair => Assert.True(pair.First == drained || pair.First == pair.Second));
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_drained_backend_gets_nothing_and_its_share_again_after_it_is_resumed()
    {
        await using var client = BalancedClient.Of(_fleet.Addresses, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);
        await client.GetAsync(3);
        await Eventually.Equal([1, 1, 1], () => _fleet.Counts);
        _fleet.Reset();

        Assert.True(client.Cluster.TryDrain(_fleet.Addresses[1]));
        await client.GetAsync(20);
        await Eventually.Equal([10, 0, 10], () => _fleet.Counts);

        Assert.True(client.Cluster.TryResume(_fleet.Addresses[1]));
        await client.GetAsync(30);
        await Eventually.Equal([20, 10, 20], () => _fleet.Counts);
    }

    private static IEnumerable<HttpRequestMessage> Users() => Enumerable.Range(0, 20).Select(static user =>
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/users/{user}");
        request.SetHashKey($"user {user}");
        return request;
    });

    private static async Task<Uri[]> VisitAsync(BalancedClient client, IEnumerable<HttpRequestMessage> requests)
    {
        var visited = new List<Uri>();
        foreach (var request in requests)
        {
            using var response = await client.Http.SendAsync(request);
            response.EnsureSuccessStatusCode();
            visited.Add(request.GetEndpoint()!.Address);
        }

        return [.. visited];
    }
}
