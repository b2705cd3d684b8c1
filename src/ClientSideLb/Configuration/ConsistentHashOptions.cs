using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>How the ring of <see cref="LoadBalancingStrategies.ConsistentHash"/> is sized.</summary>
public sealed class ConsistentHashOptions
{
    /// <summary>Gets or sets how many points on the ring an endpoint gets for each unit of its weight.</summary>
    /// <value>
    /// From 1 to 65536; the default value is 160, which keeps the shares of equal endpoints within about ±8 % (one standard deviation).
    /// More points make shares more even and the ring larger. Not used when <see cref="EnvoyCompatible"/> is set.
    /// </value>
    public int PointsPerWeight { get; set; } = RingSettings.DefaultPointsPerWeight;

    /// <summary>
    /// Gets or sets a value indicating whether the ring is sized as Envoy and gRPC size theirs (Envoy's ring hash load balancer, gRFC A42),
    /// so that a key meets the same backend from a client in any language.
    /// </summary>
    /// <value>
    /// The default value is <see langword="false"/>. The price of <see langword="true"/>: the number of points of each endpoint
    /// depends on how many endpoints there are, so that one which leaves or joins also moves some keys between those that stay.
    /// </value>
    public bool EnvoyCompatible { get; set; }

    /// <summary>Gets or sets the least number of points on an Envoy-compatible ring.</summary>
    /// <value>From 1 to <see cref="MaxRingSize"/>; the default value is 1024, as in Envoy. Used only when <see cref="EnvoyCompatible"/> is set.</value>
    public int MinRingSize { get; set; } = RingSettings.DefaultMinRingSize;

    /// <summary>Gets or sets the greatest number of points on a ring. Past it, all endpoints are scaled down together.</summary>
    /// <value>From 1 to 8388608; the default value is 8388608, as in Envoy.</value>
    public int MaxRingSize { get; set; } = RingSettings.MaximumRingSize;

    /// <summary>Makes the settings of these options.</summary>
    internal RingSettings ToSettings() => new(PointsPerWeight, EnvoyCompatible, MinRingSize, MaxRingSize);
}
