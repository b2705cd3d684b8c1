using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>Options for the size of the hash ring of <see cref="LoadBalancingStrategies.ConsistentHash"/>.</summary>
public sealed class ConsistentHashOptions
{
    /// <summary>Gets or sets how many points on the ring an endpoint gets for each unit of its weight.</summary>
    /// <value>
    /// From 1 to 65536. The default value is 160, which keeps the shares of equal endpoints within about ±8 % (one standard deviation).
    /// More points make the shares more even and the ring larger. The option is not used if <see cref="EnvoyCompatible"/> is set.
    /// </value>
    public int PointsPerWeight { get; set; } = RingSettings.DefaultPointsPerWeight;

    /// <summary>
    /// Gets or sets a value indicating whether the ring has the size that Envoy and gRPC would choose (Envoy's ring hash load balancer,
    /// gRFC A42), so that clients in all languages send a key to the same backend.
    /// </summary>
    /// <value>
    /// The default value is <see langword="false"/>. If it is <see langword="true"/>, the number of points of each endpoint depends on the
    /// number of endpoints, so an endpoint that leaves or joins also moves some keys between the other endpoints.
    /// </value>
    public bool EnvoyCompatible { get; set; }

    /// <summary>Gets or sets the least number of points on an Envoy-compatible ring.</summary>
    /// <value>From 1 to <see cref="MaxRingSize"/>. The default value is 1024, as in Envoy. It is used only if <see cref="EnvoyCompatible"/> is set.</value>
    public int MinRingSize { get; set; } = RingSettings.DefaultMinRingSize;

    /// <summary>Gets or sets the greatest number of points on a ring. If a ring would be larger, all endpoints get fewer points, by the same factor.</summary>
    /// <value>From 1 to 8388608. The default value is 8388608, as in Envoy.</value>
    public int MaxRingSize { get; set; } = RingSettings.MaximumRingSize;

    /// <summary>Creates settings from these options.</summary>
    internal RingSettings ToSettings() => new(PointsPerWeight, EnvoyCompatible, MinRingSize, MaxRingSize);
}
