namespace ClientSideLb;

/// <summary>The reasons why there is no endpoint to send a request to.</summary>
public enum NoEndpointReason
{
    /// <summary>The service has no endpoint, or none with a scheme that the request allows.</summary>
    NoneFound,

    /// <summary>Service discovery failed, and no endpoint is known from before.</summary>
    DiscoveryFailed,

    /// <summary>All endpoints are draining.</summary>
    AllDraining,

    /// <summary>All endpoints have reached their limit of requests in flight.</summary>
    Saturated,

    /// <summary>The strategy picked no endpoint, although there were some.</summary>
    NonePicked,
}
