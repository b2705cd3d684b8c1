namespace ClientSideLb.Strategies;

/// <summary>The settings of those built-in strategies that have options.</summary>
/// <param name="Ring">The size of the ring for consistent hashing.</param>
/// <param name="PeakEwma">The settings of Peak EWMA.</param>
internal sealed record StrategySettings(RingSettings Ring, PeakEwmaSettings PeakEwma)
{
    internal static readonly StrategySettings Default = new(RingSettings.Default, PeakEwmaSettings.Default);
}
