namespace ClientSideLb.Tests;

public sealed class IpHashConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new IpHashStrategy();
}
