namespace ClientSideLb.Strategies;

/// <summary>The settings of those built-in strategies that have options.</summary>
/// <param name="Ring">The size of the ring for consistent hashing.</param>
/// <param name="RingLoadFactor">
/// How far above its share of the requests in flight an endpoint may go with consistent hashing, or <see langword="null"/> for any number. It is not
/// among the settings of the ring, because it does not change the ring.
/// </param>
/// <param name="Maglev">The settings of Maglev hashing.</param>
/// <param name="PeakEwma">The settings of Peak EWMA.</param>
internal sealed record StrategySettings(RingSettings Ring, double? RingLoadFactor, MaglevSettings Maglev, PeakEwmaSettings PeakEwma)
{
    internal static readonly StrategySettings Default = new(RingSettings.Default, RingLoadFactor: null, MaglevSettings.Default, PeakEwmaSettings.Default);
}
