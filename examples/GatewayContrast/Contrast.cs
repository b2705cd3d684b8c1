namespace GatewayContrast;

/// <summary>Both ways, with so many requests under way at once.</summary>
internal sealed record Contrast(int Concurrency, Figures Balanced, Figures ThroughGateway)
{
    internal int Failures => Balanced.Failures + ThroughGateway.Failures;
}
