namespace ClientSideLb.Clusters;

/// <summary>Which endpoints of a view are acceptable for a request. The request has not been sent to any of them yet.</summary>
internal enum EndpointSearch
{
    /// <summary>An available endpoint. The strategy picks it.</summary>
    Available,

    /// <summary>
    /// Any endpoint that is not barred from all requests, as drained ones are. The search begins at a random one. This is the last resort if no available endpoint is left untried.
    /// </summary>
    LastResort,

    /// <summary>The first endpoint that is not barred, to find out whether there is one.</summary>
    Any,
}
