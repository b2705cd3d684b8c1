namespace ClientSideLb.Discovery;

/// <summary>A source that knows the endpoints of one service.</summary>
internal interface IEndpointSource
{
    /// <summary>Queries the endpoints that the service has now.</summary>
    ValueTask<ResolvedEndpoints> GetEndpointsAsync(CancellationToken cancellationToken);
}
