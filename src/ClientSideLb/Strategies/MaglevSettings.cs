namespace ClientSideLb.Strategies;

/// <summary>The settings of Maglev hashing.</summary>
/// <param name="TableSize">The number of slots of the table, a prime.</param>
/// <param name="LoadFactor">How far above its share of the requests in flight an endpoint may go, or <see langword="null"/> for any number.</param>
internal sealed record MaglevSettings(int TableSize, double? LoadFactor)
{
    /// <summary>The greatest size of a table, as in Envoy.</summary>
    internal const int MaximumTableSize = 5_000_011;

    /// <summary>The least size of a table.</summary>
    internal const int MinimumTableSize = 2;

    internal static readonly MaglevSettings Default = new(TableSize: 65_537, LoadFactor: null);
}
