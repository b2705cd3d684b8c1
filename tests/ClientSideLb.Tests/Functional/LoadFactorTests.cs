namespace ClientSideLb.Tests.Functional;

/// <summary>The load factor of strategies that hash, over sockets.</summary>
public sealed class LoadFactorTests
{
    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    public async Task The_requests_of_a_hot_key_that_do_not_fit_at_its_owner_go_to_the_others_and_come_back(string strategy)
    {
        var gate = new Gate();
        await using var fleet = await BackendFleet.StartAsync(4, gate.HoldAsync);
        await using var client = BalancedClient.Of(fleet, options =>
        {
            options.Strategy = strategy;
            options.ConsistentHash.LoadFactor = 1.5;
            options.Maglev.LoadFactor = 1.5;
        });

        // A request has its endpoint when the call returns, so each pick sees all the requests before it.
        var working = Enumerable.Range(0, 40).Select(_ => client.Http.GetAsync("/hot")).ToArray();

        // The bound of the last one is ceil(1.5 × 40 ÷ 4). The first two to fill up take all that they may have.
        Assert.Equal([0, 10, 15, 15], client.Endpoints.Select(static endpoint => endpoint.InFlight).Order());
        gate.Open();
        foreach (var response in await Eventually.Done(Task.WhenAll(working)))
        {
            response.EnsureSuccessStatusCode().Dispose();
        }

        await Eventually.Equal(0, () => client.InFlight);
        var before = fleet.Counts;
        await client.GetAsync(10, "/hot");

        // Now the owner has room for all of them, one after the other.
        var after = fleet.Counts;
        Assert.Equal([0, 0, 0, 10], after.Zip(before, static (now, then) => now - then).Order());
    }
}
