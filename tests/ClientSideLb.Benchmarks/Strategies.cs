namespace ClientSideLb.Benchmarks;

/// <summary>The strategies that come with the library.</summary>
internal static class Strategies
{
    /// <summary>Gets their names, in the order in which tables show them.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        LoadBalancingStrategies.RoundRobin,
        LoadBalancingStrategies.WeightedRoundRobin,
        LoadBalancingStrategies.Random,
        LoadBalancingStrategies.PowerOfTwoChoices,
        LoadBalancingStrategies.PeakEwma,
        LoadBalancingStrategies.LeastConnections,
        LoadBalancingStrategies.IpHash,
        LoadBalancingStrategies.ConsistentHash,
        LoadBalancingStrategies.Maglev,
    ];

    internal static ILoadBalancingStrategy Of(string name) => name switch
    {
        LoadBalancingStrategies.RoundRobin => new RoundRobinStrategy(),
        LoadBalancingStrategies.WeightedRoundRobin => new WeightedRoundRobinStrategy(),
        LoadBalancingStrategies.Random => new RandomStrategy(),
        LoadBalancingStrategies.PowerOfTwoChoices => new PowerOfTwoChoicesStrategy(),
        LoadBalancingStrategies.PeakEwma => new PeakEwmaStrategy(),
        LoadBalancingStrategies.LeastConnections => new LeastConnectionsStrategy(),
        LoadBalancingStrategies.IpHash => new IpHashStrategy(),
        LoadBalancingStrategies.ConsistentHash => new ConsistentHashStrategy(),
        LoadBalancingStrategies.Maglev => new MaglevStrategy(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "is no strategy."),
    };
}
