using ClientSideLb.Clusters;
using ClientSideLb.Configuration;
using ClientSideLb.Health;
using ClientSideLb.Requests;
using ClientSideLb.Telemetry;

namespace ClientSideLb.Clients;

/// <summary>Makes clusters, each with a prober for its endpoints.</summary>
/// <param name="time">The clock.</param>
/// <param name="random">The source of random numbers, safe for many threads.</param>
/// <param name="telemetry">The metrics and the log that clusters and probes report to.</param>
/// <param name="history">Keeps the changes.</param>
/// <param name="stopped">Cancelled when the container is disposed.</param>
internal sealed class ClusterFactory(TimeProvider time, Random random, ClientTelemetry telemetry, ClusterHistory history, CancellationToken stopped)
{
    private readonly SharedProbes _probes = new(time);
    private readonly ClusterTelemetry _listener = new(telemetry.Logger, telemetry.Metrics);

    /// <summary>Makes a cluster.</summary>
    /// <param name="clientName">The name of the client.</param>
    /// <param name="shortClientName">The client's name as people read it.</param>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="createProbe">Makes the probe for the settings.</param>
    internal MonitoredCluster Create(string clientName, string shortClientName, string serviceName, ClusterSettings settings, Func<ProbeSettings, IHealthProbe> createProbe)
    {
        // The one that wakes the prober is the first listener, so that a slow log sink does not delay probes.
        var cluster = new Cluster(clientName, serviceName, settings, time, random, listeners: [], shortClientName);
        var monitored = new MonitoredCluster(
            cluster, (probed, ended) => new HealthProber(probed, createProbe, time, random, telemetry, TaskScheduler.Default, ended, _probes), stopped);
        cluster.Subscribe(monitored);
        cluster.Subscribe(history);
        cluster.Subscribe(_listener);
        return monitored;
    }
}
