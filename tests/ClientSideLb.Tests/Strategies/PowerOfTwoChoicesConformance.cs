namespace ClientSideLb.Tests;

public sealed class PowerOfTwoChoicesConformance : StrategyConformance
{
    protected override ILoadBalancingStrategy Strategy { get; } = new PowerOfTwoChoicesStrategy();
}
