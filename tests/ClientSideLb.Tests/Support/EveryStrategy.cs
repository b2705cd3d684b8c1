namespace ClientSideLb.Tests;

/// <summary>The names of all built-in strategies, for a theory about each of them.</summary>
public sealed class EveryStrategy : TheoryData<string>
{
    public EveryStrategy()
        : base(Names)
    {
    }

    internal static IReadOnlyList<string> Names { get; } =
    [
        LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.WeightedRoundRobin, LoadBalancingStrategies.Random,
        LoadBalancingStrategies.LeastConnections, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.IpHash,
        LoadBalancingStrategies.ConsistentHash, LoadBalancingStrategies.Maglev, LoadBalancingStrategies.PeakEwma,
    ];
}
