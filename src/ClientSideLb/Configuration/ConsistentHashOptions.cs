using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>Options for the hash ring of <see cref="LoadBalancingStrategies.ConsistentHash"/> and for the load of its endpoints.</summary>
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

    /// <summary>
    /// Gets or sets how far above its share of the requests in flight an endpoint may go before its keys move on to other endpoints.
    /// </summary>
    /// <value>
    /// At least 1, or <see langword="null"/> for no bound, which is the default. Values from 1.1 to 2 are sensible, and 1.25 is usual: a low value keeps
    /// the load even, and a high one keeps more requests at the owners of their keys. It is rounded to thousandths.
    /// </value>
    /// <remarks>
    /// <para>
    /// An endpoint gets no request of a key if it has <c>ceil(LoadFactor × (in-flight + 1) × share)</c> requests in flight already, while another endpoint
    /// has room. In-flight is the number of this client's requests at all available endpoints, and the share is that of the endpoint's weight among
    /// them. Each client counts its own requests only. Picks at the same moment do not see each other, so they can exceed the bound by a request each.
    /// </para>
    /// <para>
    /// If the owner of a key is full, the request goes to the first endpoint with room in an order that depends on the key alone. If none has room,
    /// because the request has been sent to the others already, it goes to the least loaded one. The method is that of V. Mirrokni and others,
    /// "Consistent Hashing with Bounded Loads" (arXiv 1608.01350). The order is not that of the ring (arXiv 1908.08762), as in Envoy.
    /// </para>
    /// </remarks>
    public double? LoadFactor { get; set; }

    /// <summary>Creates the settings of the ring from these options.</summary>
    internal RingSettings ToSettings() => new(PointsPerWeight, EnvoyCompatible, MinRingSize, MaxRingSize);
}
