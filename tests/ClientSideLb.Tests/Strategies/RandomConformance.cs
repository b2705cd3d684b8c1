namespace ClientSideLb.Tests;

public sealed class RandomConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new RandomStrategy();
}
