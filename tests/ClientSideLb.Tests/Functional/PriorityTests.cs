namespace ClientSideLb.Tests.Functional;

/// <summary>Priorities over sockets.</summary>
public sealed class PriorityTests
{
    private const int Requests = 2000;

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    [InlineData(2, 70)]
    [InlineData(3, 35)]
    [InlineData(4, 0)]
    public async Task The_first_priority_serves_what_its_available_endpoints_can(int drained, int percent)
    {
        await using var fleet = await BackendFleet.StartAsync(8);
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            foreach (var (index, endpoint) in options.Endpoints.Index())
            {
                endpoint.Priority = index / 4;
            }
        });
        await client.GetAsync(1);
        for (var i = 0; i < drained; i++)
        {
            Assert.True(client.Cluster.TryDrain(fleet[i].Address));
        }

        var before = fleet.Counts;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync(Requests / 8)));

        var first = fleet.Counts.Zip(before, static (now, then) => now - then).Take(4).Sum();
        Assert.InRange(first, Requests * (percent - 3) / 100, Requests * (percent + 3) / 100);
    }

    [Fact]
    public async Task The_dear_deployment_is_used_when_the_cheap_one_is_full()
    {
        var isFull = true;
        await using var fleet = await BackendFleet.StartAsync(
        [
            Backend.StartAsync(context =>
            {
                context.Response.StatusCode = Volatile.Read(ref isFull) ? 429 : 200;
                context.Response.Headers["retry-after-ms"] = "50";
                return Task.CompletedTask;
            }),
            Backend.StartAsync(),
        ]);
        await using var client = BalancedClient.Of(fleet, static options =>
        {
            options.Endpoints[1].Priority = 1;
            options.Failover.MoveRejected = true;
        });

        await client.GetAsync(20);
        Assert.InRange(fleet[1].Count, 19, 20);

        Volatile.Write(ref isFull, false);
        await Eventually.True(
            async () =>
            {
                var answered = fleet[0].Count;
                await client.GetAsync(1);
                return fleet[0].Count > answered;
            },
            "the cheap deployment has room again");
        var before = fleet[1].Count;
        await client.GetAsync(20);
        Assert.Equal(before, fleet[1].Count);
    }
}
