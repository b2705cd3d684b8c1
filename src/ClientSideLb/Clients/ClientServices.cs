using ClientSideLb.Discovery;
using ClientSideLb.Failover;
using ClientSideLb.Health;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>The parts that all clients of a container share.</summary>
/// <param name="Names">Shortens the names of clients.</param>
/// <param name="Clusters">Makes clusters.</param>
/// <param name="Feeds">Makes the feeds of clusters.</param>
/// <param name="Recursion">Finds requests of service discovery that wait for service discovery.</param>
/// <param name="CreateProbeClient">Makes the HTTP client for the probes of a client.</param>
/// <param name="CreateHttpClient">Makes a client as the application has configured it, and drops it.</param>
/// <param name="CreateFailover">Makes the failover pipeline of a client with a short name.</param>
/// <param name="Time">The clock.</param>
/// <param name="Telemetry">The metrics and the log that requests report to.</param>
/// <param name="Stopped">Cancelled when the container is disposed.</param>
internal sealed record ClientServices(
    ClientNames Names,
    ClusterFactory Clusters,
    FeedFactory Feeds,
    DiscoveryRecursion Recursion,
    Func<string, ProbeClient> CreateProbeClient,
    Action<string> CreateHttpClient,
    Func<string, FailoverPipeline> CreateFailover,
    TimeProvider Time,
    ClientTelemetry Telemetry,
    CancellationToken Stopped)
{
    /// <summary>Gets the rewritten addresses of all clients.</summary>
    internal RewriteTable Rewrites { get; } = new();
}
