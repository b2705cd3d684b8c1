namespace ClientSideLb;

/// <summary>A client's options, read once: what its clusters and its requests need of them.</summary>
internal sealed record ClientSettings(
    ClusterSettings Cluster, IReadOnlyList<EndpointDescription> Endpoints, PickKeys Keys, HostHeaderMode HostHeader)
{
    internal static ClientSettings Of(LoadBalancingOptions options, StrategyCatalog strategies)
    {
        if (!strategies.TryGet(options.Strategy, out var strategy))
        {
            throw new ArgumentException($"The strategy '{options.Strategy}' is not known.", nameof(options));
        }

        return new ClientSettings(
            new ClusterSettings(strategy, RingSettings.Of(options.ConsistentHash)),
            [.. options.Endpoints.Select(static endpoint => new EndpointDescription(new EndpointAddress(endpoint.Address), endpoint.Weight, endpoint.Zone))],
            new RequestKeys(options),
            options.HostHeader);
    }

    /// <summary>Gets a value indicating whether the client has endpoints of its own, and so no need of service discovery.</summary>
    internal bool IsStatic => Endpoints.Count > 0;
}
