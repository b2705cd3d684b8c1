namespace ClientSideLb;

/// <summary>What is known of an endpoint's health: the strongest of Draining, Unhealthy, Ejected, Unknown and Healthy.</summary>
public enum EndpointHealth
{
    /// <summary>Nothing has been heard from the endpoint yet.</summary>
    Unknown,

    /// <summary>The endpoint has answered.</summary>
    Healthy,

    /// <summary>Active probes of the endpoint fail.</summary>
    Unhealthy,

    /// <summary>Requests to the endpoint failed, and it is set aside for a while.</summary>
    Ejected,

    /// <summary>The endpoint gets no new requests, by hand, by weight 0 or because discovery no longer lists it; requests under way finish.</summary>
    Draining,
}
