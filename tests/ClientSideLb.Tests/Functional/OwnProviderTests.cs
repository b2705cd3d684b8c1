using ClientSideLb.Tests.Docs;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>The provider of docs/discovery.md, over sockets.</summary>
public sealed class OwnProviderTests
{
    [Fact]
    public async Task What_the_provider_lists_gets_the_requests_and_a_change_of_it_is_heeded()
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        await using var client = BalancedClient.Create(
            static builder => builder.AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.WeightedRoundRobin),
            SnippetsDiscovery.OwnProvider);
        var inventory = client.Services.GetRequiredService<Inventory>();
        inventory.Replace("api", Instance(0, weight: 3), Instance(1));

        await client.GetAsync(40);
        Assert.Equal([30, 10, 0], fleet.Counts);
        var first = client.EndpointOf(fleet[0]);

        inventory.Replace("api", Instance(0, weight: 3) with { IsStopping = true }, Instance(1), Instance(2));
        await Eventually.Equal(3, () => client.Endpoints.Count);
        await client.GetAsync(20);

        Assert.Equal([30, 20, 10], fleet.Counts);
        Assert.Same(first, client.EndpointOf(fleet[0]));
        Assert.Equal((EndpointHealth.Draining, "zone-0"), (first.Health, first.Zone));

        Instance Instance(int index, int weight = 1) => new(fleet[index].Address, weight, $"zone-{index}", IsStopping: false);
    }
}
