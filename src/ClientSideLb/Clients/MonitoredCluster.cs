using ClientSideLb.Clusters;
using ClientSideLb.Health;

namespace ClientSideLb.Clients;

/// <summary>A cluster and the prober for its endpoints.</summary>
internal sealed class MonitoredCluster(Cluster cluster, HealthProber prober) : IAsyncDisposable
{
    internal Cluster Cluster => cluster;

    /// <summary>
    /// Waits until the last probe has ended, and disposes the cluster. The caller has cancelled the probes before, or the cluster has no
    /// endpoints.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await prober.StopAsync().ConfigureAwait(false);
        cluster.Dispose();
    }
}
