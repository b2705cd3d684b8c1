namespace ClientSideLb.Tests;

public sealed class ConsistentHashConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new ConsistentHashStrategy();

    // With 160 points for each endpoint, the standard deviation of a share is 8 %. This is four of them.
    protected override double Tolerance => 0.32;

    protected override double StartTolerance => 0.5;
}
