namespace ClientSideLb;

/// <summary>A client's options, read once: what its clusters and its requests need of them.</summary>
internal sealed record ClientSettings(
    ClusterSettings Cluster,
    IReadOnlyList<EndpointDescription> Endpoints,
    PickKeys Keys,
    HostHeaderMode HostHeader,
    FailureClassifier Failures,
    FailoverOptions Failover)
{
    internal static ClientSettings Of(LoadBalancingOptions options, StrategyCatalog strategies, TimeProvider time, IAmbientClientIp? ambient = null)
    {
        if (!strategies.TryGet(options.Strategy, out var strategy))
        {
            throw new ArgumentException($"The strategy '{options.Strategy}' is not known.", nameof(options));
        }

        return new ClientSettings(
            ClusterSettings.Of(options, strategy, time),
            [.. options.Endpoints.Select(static endpoint => new EndpointDescription(new EndpointAddress(endpoint.Address), endpoint.Weight, endpoint.Zone))],
            new RequestKeys(options, ambient),
            options.HostHeader,
            new FailureClassifier(options.IsFailure, time),
            options.Failover);
    }

    /// <summary>Gets a value indicating whether the client has endpoints of its own, and so no need of service discovery.</summary>
    internal bool IsStatic => Endpoints.Count > 0;
}
