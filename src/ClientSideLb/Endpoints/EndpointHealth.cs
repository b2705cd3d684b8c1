namespace ClientSideLb;

/// <summary>
/// The health of an endpoint, as this client sees it. If several values apply, the strongest one is shown: Draining, then Unhealthy,
/// Ejected, Unknown and Healthy.
/// </summary>
public enum EndpointHealth
{
    /// <summary>The endpoint has not answered a request or passed a probe yet.</summary>
    Unknown,

    /// <summary>The endpoint has answered a request or passed a probe.</summary>
    Healthy,

    /// <summary>Active probes of the endpoint fail, or the provider of service discovery says that it is unhealthy.</summary>
    Unhealthy,

    /// <summary>The endpoint is set aside for a while, because requests to it failed or because it asked for a pause with <c>Retry-After</c>.</summary>
    Ejected,

    /// <summary>
    /// The endpoint gets no new requests, and requests in flight finish. It was drained by hand, or its weight is 0, or the provider of service
    /// discovery drains it or no longer lists it.
    /// </summary>
    Draining,
}
