using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Simulator;

/// <summary>The strategies as an application's container has them.</summary>
internal static class ProductionStrategies
{
    /// <summary>The names of the seven that come with the library, in the order in which they are shown.</summary>
    internal static readonly IReadOnlyList<string> Names =
    [
        LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.WeightedRoundRobin, LoadBalancingStrategies.Random,
        LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.LeastConnections,
        LoadBalancingStrategies.IpHash, LoadBalancingStrategies.ConsistentHash,
    ];

    internal static StrategyCatalog Catalog { get; } = CreateCatalog();

    private static StrategyCatalog CreateCatalog()
    {
        var services = new ServiceCollection();
        services.AddLoadBalancingCore();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<StrategyCatalog>();
    }
}
