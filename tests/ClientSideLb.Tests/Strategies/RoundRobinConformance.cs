namespace ClientSideLb.Tests;

public sealed class RoundRobinConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new RoundRobinStrategy();

    protected override double Tolerance => 0;
}
