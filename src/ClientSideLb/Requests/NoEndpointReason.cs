namespace ClientSideLb;

/// <summary>Why there was no endpoint to send a request to.</summary>
public enum NoEndpointReason
{
    /// <summary>The service has no endpoint, or none that the request's scheme allows.</summary>
    NoneFound,

    /// <summary>Service discovery failed, and no endpoint is known from before.</summary>
    DiscoveryFailed,

    /// <summary>All endpoints are draining.</summary>
    AllDraining,

    /// <summary>All endpoints have as many requests in flight as they may have.</summary>
    Saturated,

    /// <summary>The strategy picked none of the endpoints that it could pick.</summary>
    NonePicked,
}
