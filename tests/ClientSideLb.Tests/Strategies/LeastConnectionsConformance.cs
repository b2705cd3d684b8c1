namespace ClientSideLb.Tests;

public sealed class LeastConnectionsConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new LeastConnectionsStrategy();
}
