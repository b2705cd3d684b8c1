namespace ClientSideLb.Discovery;

/// <summary>Where a cluster learns its endpoints from, one service each.</summary>
internal interface IEndpointSource
{
    /// <summary>Asks for the endpoints there are now.</summary>
    ValueTask<ResolvedEndpoints> GetEndpointsAsync(CancellationToken cancellationToken);
}
