namespace ClientSideLb.Tests;

public sealed class MaglevConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new MaglevStrategy();
}
