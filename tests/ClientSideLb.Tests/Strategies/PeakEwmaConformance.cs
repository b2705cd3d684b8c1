namespace ClientSideLb.Tests;

public sealed class PeakEwmaConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new PeakEwmaStrategy();
}
