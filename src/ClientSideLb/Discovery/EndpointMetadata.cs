using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb;

/// <summary>
/// The properties of an endpoint, besides its address, that a provider of service discovery knows. The provider sets the object in the
/// <see cref="ServiceEndpoint.Features"/> of the <see cref="ServiceEndpoint"/>. Immutable.
/// </summary>
public sealed class EndpointMetadata
{
    /// <summary>Gets the endpoint's share of the traffic, relative to the other endpoints' weights.</summary>
    /// <value>
    /// From 0 to 65535. An endpoint of weight 0 is drained: it gets no new requests, and requests in flight finish. The default value is
    /// <see langword="null"/>, which counts as 1.
    /// </value>
    public int? Weight { get; init; }

    /// <summary>Gets the zone that the endpoint runs in.</summary>
    /// <value>The default value is <see langword="null"/>. Zones are compared as they are written.</value>
    public string? Zone { get; init; }

    /// <summary>Gets the priority of the endpoint. Endpoints of a higher number are used as far as too few of the lower numbers are available.</summary>
    /// <value>From 0, which is used first, to 127. The default value is 0.</value>
    public int Priority { get; init; }

    /// <summary>Gets the health of the endpoint as the provider sees it.</summary>
    /// <value>
    /// <see cref="EndpointHealth.Draining"/> drains the endpoint, and <see cref="EndpointHealth.Unhealthy"/> takes it out. Any other value, and the
    /// default value <see langword="null"/>, does nothing.
    /// </value>
    public EndpointHealth? Health { get; init; }
}
