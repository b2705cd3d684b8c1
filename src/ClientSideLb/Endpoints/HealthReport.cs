namespace ClientSideLb.Endpoints;

/// <summary>The health of an endpoint as its source reports it.</summary>
internal enum HealthReport
{
    /// <summary>No report that has an effect: the client judges by itself.</summary>
    None,

    /// <summary>The endpoint is to get no new requests.</summary>
    Draining,

    /// <summary>The endpoint is out until the source says otherwise.</summary>
    Unhealthy,
}
