namespace ClientSideLb.Endpoints;

/// <summary>What the source of an endpoint says of its health.</summary>
internal enum HealthReport
{
    /// <summary>Nothing that has an effect: the client judges by itself.</summary>
    None,

    /// <summary>The endpoint is to get no new requests.</summary>
    Draining,

    /// <summary>The endpoint is out until the source says otherwise.</summary>
    Unhealthy,
}
