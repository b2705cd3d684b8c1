using ClientSideLb.Failover;
using ClientSideLb.Health;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>The parts that all clients of a container share.</summary>
/// <param name="Clusters">Makes clusters.</param>
/// <param name="Feeds">Makes feeds of clusters.</param>
/// <param name="CreateProbeClient">Makes the HTTP client of a client's probes.</param>
/// <param name="CreateFailover">Makes a client's failover.</param>
/// <param name="Time">The clock.</param>
/// <param name="Telemetry">Where requests report to.</param>
/// <param name="Stopped">Cancelled when the container is disposed.</param>
internal sealed record ClientServices(
    ClusterFactory Clusters,
    FeedFactory Feeds,
    Func<string, ProbeClient> CreateProbeClient,
    Func<string, FailoverPipeline> CreateFailover,
    TimeProvider Time,
    ClientTelemetry Telemetry,
    CancellationToken Stopped);
