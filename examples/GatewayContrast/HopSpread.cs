namespace GatewayContrast;

/// <summary>
/// The middle half of what the rounds say of the hop: through the gateway, the requests a second are this many times those of the client's own way.
/// </summary>
/// <remarks>The two turns of a round follow each other, so other work of the machine slows down both. What it does not slow down alike is the noise.</remarks>
/// <param name="Low">A quarter of the rounds lie below it.</param>
/// <param name="High">A quarter of the rounds lie above it.</param>
internal readonly record struct HopSpread(double Low, double High)
{
    private const double WidestSteady = 1.5;

    /// <summary>Gets a value indicating whether the rounds do not even agree on which way is faster.</summary>
    internal bool SaysNothing => Low <= 1 && High >= 1;

    /// <summary>Gets a value indicating whether the rounds differ so much that the figures are rough.</summary>
    internal bool IsWide => High > Low * WidestSteady;

    /// <param name="balanced">The turns of the client's own way, a turn for each round.</param>
    /// <param name="throughGateway">The turns through the gateway.</param>
    internal static HopSpread Of(IReadOnlyList<Turn> balanced, IReadOnlyList<Turn> throughGateway)
    {
        double[] ratios = [.. balanced.Zip(throughGateway, static (own, gateway) => gateway.RequestsPerSecond / own.RequestsPerSecond).Order()];
        return new HopSpread(ratios[(ratios.Length - 1) / 4], ratios[^((ratios.Length + 3) / 4)]);
    }
}
