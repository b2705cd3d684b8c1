namespace ClientSideLb.Tests;

public sealed class WeightedRoundRobinConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new WeightedRoundRobinStrategy();

    protected override double Tolerance => 0;
}
