namespace ClientSideLb;

/// <summary>How a ring is sized, as it was when the options were read.</summary>
internal sealed record RingSettings(int PointsPerWeight, bool EnvoyCompatible, int MinRingSize, int MaxRingSize)
{
    internal static readonly RingSettings Default = Of(new ConsistentHashOptions());

    internal static RingSettings Of(ConsistentHashOptions options) =>
        new(options.PointsPerWeight, options.EnvoyCompatible, options.MinRingSize, options.MaxRingSize);
}
