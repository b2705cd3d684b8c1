using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.Endpoints;
using ClientSideLb.Strategies;

namespace ClientSideLb.Requests;

/// <summary>The settings of a client's clusters and requests, made from its options.</summary>
/// <param name="Cluster">The settings of its clusters.</param>
/// <param name="Endpoints">Its static endpoints. If there are none, it uses service discovery.</param>
/// <param name="Keys">Finds the hash key and the caller of a request.</param>
/// <param name="HostHeader">The name that is sent in the Host header.</param>
/// <param name="Failures">Decides whether a result is a failure.</param>
/// <param name="Failover">The settings of failover.</param>
/// <param name="UnknownServices">The handling of requests to names that no provider of service discovery knows.</param>
internal sealed record ClientSettings(
    ClusterSettings Cluster,
    IReadOnlyList<EndpointDescription> Endpoints,
    PickKeys Keys,
    HostHeaderMode HostHeader,
    FailureClassifier Failures,
    FailoverSettings Failover,
    UnknownServiceMode UnknownServices = UnknownServiceMode.PassThrough)
{
    /// <summary>Gets the options that the settings were made from. Only the description of a reload's changes reads them.</summary>
    internal required LoadBalancingOptions Options { get; init; }

    internal static ClientSettings Of(LoadBalancingOptions options, StrategyCatalog strategies, TimeProvider time, IAmbientClientIp? ambient = null)
    {
        if (!strategies.TryGet(options.Strategy, out var strategy))
        {
            throw new ArgumentException($"The strategy '{options.Strategy}' is not known.", nameof(options));
        }

        return new ClientSettings(
            ClusterSettings.Of(options, strategy, time),
            [.. options.Endpoints.Select(static endpoint => new EndpointDescription(new EndpointAddress(endpoint.Address), endpoint.Weight, endpoint.Zone, Priority: endpoint.Priority))],
            new RequestKeys(options, ambient),
            options.HostHeader,
            new FailureClassifier(options.IsFailure, time),
            options.Failover.ToSettings(),
            options.UnknownServices)
        {
            Options = options,
        };
    }

    /// <summary>Gets a value indicating whether the client has static endpoints and so does not use service discovery.</summary>
    internal bool IsStatic => Endpoints.Count > 0;
}
