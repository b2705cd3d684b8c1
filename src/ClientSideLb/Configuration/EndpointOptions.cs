namespace ClientSideLb;

/// <summary>One static endpoint of a client.</summary>
public sealed class EndpointOptions
{
    /// <summary>
    /// Gets or sets where the endpoint is: an absolute <c>http</c> or <c>https</c> address, with a base path if it has one.
    /// </summary>
    /// <value>
    /// Required. User information, a query or a fragment is refused. Endpoints are told apart by scheme, host, port and base path.
    /// </value>
    public Uri Address { get; set; } = null!;

    /// <summary>Gets or sets the endpoint's share of the traffic, relative to the other endpoints' weights.</summary>
    /// <value>From 0 to 65535; the default value is 1. At 0 the endpoint is drained: it gets no new requests, and those under way finish.</value>
    public int Weight { get; set; } = 1;

    /// <summary>Gets or sets the zone the endpoint runs in.</summary>
    /// <value>The default value is <see langword="null"/>. It is carried on <see cref="ClusterEndpoint.Zone"/>; no built-in strategy reads it.</value>
    public string? Zone { get; set; }
}
