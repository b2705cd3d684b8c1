using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>The strategies of the library, as the service container of an application holds them.</summary>
internal static class BuiltInStrategies
{
    /// <summary>The names of all of them, in the order in which results show them.</summary>
    internal static readonly IReadOnlyList<string> Names =
    [
        LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.WeightedRoundRobin, LoadBalancingStrategies.Random,
        LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma, LoadBalancingStrategies.LeastConnections,
        LoadBalancingStrategies.IpHash, LoadBalancingStrategies.ConsistentHash, LoadBalancingStrategies.Maglev,
    ];

    internal static StrategyCatalog Catalog { get; } = CreateCatalog();

    internal static ILoadBalancingStrategy Get(string name) =>
        Catalog.TryGet(name, out var strategy) ? strategy : throw new ArgumentException($"There is no strategy '{name}'.", nameof(name));

    private static StrategyCatalog CreateCatalog()
    {
        var services = new ServiceCollection();
        services.AddLoadBalancingCore();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<StrategyCatalog>();
    }
}
