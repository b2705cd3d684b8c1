using ClientSideLb.PublicApi.Tests.Strategies;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.PublicApi.Tests.Docs;

/// <summary>The C# of docs/write-a-strategy.md that is not the strategy itself.</summary>
public sealed class OwnStrategyTests
{
    [Fact]
    public void The_less_busy_of_two_endpoints_is_picked()
    {
        var busy = new ClusterEndpoint(new Uri("http://10.0.0.1"), inFlight: 3);
        var idle = new ClusterEndpoint(new Uri("http://10.0.0.2"));
        var picker = new TwoChoicesStrategy().CreatePicker(new EndpointSet([busy, idle], [busy, idle], new Random(1)));

        Assert.Same(idle, picker.Pick(new PickContext(new Random(2))));
    }

    [Fact]
    public async Task A_client_uses_it_by_its_name()
    {
        var services = new ServiceCollection();
        Register(services);
        await using var provider = services.AddOrders().BuildServiceProvider();

        _ = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        Assert.Equal("MyTwoChoices", provider.GetRequiredService<IClusterRegistry>().Clusters.Single().Strategy);
    }

    private static void Register(IServiceCollection services)
    {
        services.AddLoadBalancingStrategy<TwoChoicesStrategy>();
        services.AddHttpClient("orders").AddLoadBalancing(options => options.Strategy = "MyTwoChoices");
    }
}
