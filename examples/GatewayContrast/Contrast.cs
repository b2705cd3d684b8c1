namespace GatewayContrast;

/// <summary>The figures of both ways, with the same number of requests at once.</summary>
internal sealed record Contrast(int Concurrency, Figures Balanced, Figures ThroughGateway, HopSpread Hop)
{
    internal int Failures => Balanced.Failures + ThroughGateway.Failures;
}
