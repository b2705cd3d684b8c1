namespace ClientSideLb.Tests;

public sealed class ConsistentHashConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new ConsistentHashStrategy();

    // 160 points each keep the shares within ± 8 %, one standard deviation; this is four of them.
    protected override double Tolerance => 0.32;

    protected override double StartTolerance => 0.5;
}
