namespace ClientSideLb.Clusters;

/// <summary>Which endpoints of a view will do for a request that has not been sent to them.</summary>
internal enum EndpointSearch
{
    /// <summary>An available one, which the strategy picks.</summary>
    Available,

    /// <summary>Any that is not drained, from a random one on: the last resort when no available one is left untried.</summary>
    LastResort,

    /// <summary>Any that is not drained, to learn whether there is one.</summary>
    Any,
}
