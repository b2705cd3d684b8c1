using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>A client whose options are a section of the configuration.</summary>
public sealed class ConfigurationReloadTests
{
    [Fact]
    public async Task Static_endpoints_come_from_configuration()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = Client(new ReloadableConfiguration(
            [.. Options(fleet, LoadBalancingStrategies.WeightedRoundRobin), ("Api:Endpoints:0:Weight", "3")]));

        await client.GetAsync(8);

        Assert.Equal([6, 2], fleet.Counts);
        Assert.Equal(LoadBalancingStrategies.WeightedRoundRobin, client.Cluster.Strategy);
    }

    [Fact]
    public async Task A_reload_adds_and_removes_endpoints_and_the_others_stay_the_same_objects()
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        var configuration = new ReloadableConfiguration(Options(fleet.Take(2)));
        await using var client = Client(configuration);
        await client.GetAsync(2);
        var stayer = client.EndpointOf(fleet[1]);

        configuration.Replace(Options(fleet.Skip(1)));
        await Eventually.Equal([fleet[1].Port, fleet[2].Port], () => client.Endpoints.Select(static endpoint => endpoint.Address.Port).ToArray());
        await client.GetAsync(10);

        Assert.Equal([1, 6, 5], fleet.Counts);
        Assert.Same(stayer, client.EndpointOf(fleet[1]));
    }

    [Fact]
    public async Task A_reload_changes_weights_and_strategy()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        var configuration = new ReloadableConfiguration(Options(fleet));
        await using var client = Client(configuration);
        await client.GetAsync(2);

        configuration.Replace([.. Options(fleet, LoadBalancingStrategies.WeightedRoundRobin), ("Api:Endpoints:1:Weight", "4")]);
        await Eventually.True(
            () => client.Cluster.Strategy == LoadBalancingStrategies.WeightedRoundRobin && client.EndpointOf(fleet[1]).Weight == 4,
            "the reload has been taken over");
        await client.GetAsync(10);

        Assert.Equal([3, 9], fleet.Counts);
    }

    private static (string Key, string Value)[] Options(IEnumerable<Backend> backends, string strategy = LoadBalancingStrategies.RoundRobin) =>
        [("Api:Strategy", strategy), .. backends.Select(static (backend, i) => ($"Api:Endpoints:{i}:Address", backend.Address.ToString()))];

    private static BalancedClient Client(ReloadableConfiguration configuration) =>
        BalancedClient.Create(builder => builder.AddLoadBalancing(configuration.Root.GetSection("Api")));
}
