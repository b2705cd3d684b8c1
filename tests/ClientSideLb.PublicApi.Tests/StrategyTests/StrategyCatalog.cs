using ClientSideLb.PublicApi.Tests.Strategies;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

/// <summary>All strategies that are written here against the public API.</summary>
internal static class StrategyCatalog
{
    internal static IReadOnlyDictionary<string, ILoadBalancingStrategy> ByName { get; } = new ILoadBalancingStrategy[]
    {
        new HashRingStrategy(),
        new IpHashStrategy(),
        new LeastConnectionsStrategy(),
        new PeakEwmaStrategy(),
        new RoundRobinStrategy(),
        new SmoothWeightedStrategy(),
        new TwoChoicesStrategy(),
        new WeightedRandomStrategy(),
    }.ToDictionary(static strategy => strategy.Name);

    internal static TheoryData<string> Names => [.. ByName.Keys];
}
