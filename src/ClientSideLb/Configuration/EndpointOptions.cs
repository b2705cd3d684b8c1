namespace ClientSideLb;

/// <summary>Options of one static endpoint of a client.</summary>
public sealed class EndpointOptions
{
    /// <summary>
    /// Gets or sets the address of the endpoint: an absolute <c>http</c> or <c>https</c> address with an optional base path.
    /// </summary>
    /// <value>
    /// An address is required. It must not have user information, a query or a fragment. No two endpoints may have the same scheme, host,
    /// port and base path.
    /// </value>
    public Uri Address { get; set; } = null!;

    /// <summary>Gets or sets the endpoint's share of the traffic, relative to the other endpoints' weights.</summary>
    /// <value>From 0 to 65535. The default value is 1. An endpoint of weight 0 is drained: it gets no new requests, and requests in flight finish.</value>
    public int Weight { get; set; } = 1;

    /// <summary>Gets or sets the zone the endpoint runs in.</summary>
    /// <value>
    /// The default value is <see langword="null"/>. If <see cref="LoadBalancingOptions.Zone"/> is set, endpoints of the same zone are used before the
    /// others. Zones are compared as they are written.
    /// </value>
    public string? Zone { get; set; }

    /// <summary>
    /// Gets or sets the priority of the endpoint. Endpoints of a higher number get requests only as far as too few of the lower numbers are available
    /// (<see cref="LoadBalancingOptions.OverprovisioningFactor"/>).
    /// </summary>
    /// <value>From 0, which is used first, to 127. The default value is 0.</value>
    public int Priority { get; set; }
}
