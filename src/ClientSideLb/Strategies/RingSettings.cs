namespace ClientSideLb.Strategies;

/// <summary>The size of a hash ring.</summary>
/// <param name="PointsPerWeight">The number of points for each unit of an endpoint's weight, unless the ring is Envoy-compatible.</param>
/// <param name="EnvoyCompatible">Whether the ring is sized as Envoy and gRPC size theirs.</param>
/// <param name="MinRingSize">The least number of points of an Envoy-compatible ring.</param>
/// <param name="MaxRingSize">The greatest number of points of any ring.</param>
internal sealed record RingSettings(int PointsPerWeight, bool EnvoyCompatible, int MinRingSize, int MaxRingSize)
{
    internal const int DefaultPointsPerWeight = 160;

    /// <summary>The default of <see cref="MinRingSize"/>, as in Envoy.</summary>
    internal const int DefaultMinRingSize = 1024;

    /// <summary>The greatest possible value, and the default, of <see cref="MaxRingSize"/>: 8 Mi points, as in Envoy.</summary>
    internal const int MaximumRingSize = 8 * 1024 * 1024;

    internal static readonly RingSettings Default = new(DefaultPointsPerWeight, EnvoyCompatible: false, DefaultMinRingSize, MaximumRingSize);
}
