using ClientSideLb.Clusters;
using ClientSideLb.Health;

namespace ClientSideLb.Clients;

/// <summary>A cluster and the prober of its endpoints.</summary>
internal sealed class MonitoredCluster(Cluster cluster, HealthProber prober) : IAsyncDisposable
{
    internal Cluster Cluster => cluster;

    /// <summary>Waits until the last probe has ended. The probes' own cancellation comes before.</summary>
    public async ValueTask DisposeAsync()
    {
        await prober.StopAsync().ConfigureAwait(false);
        cluster.Dispose();
    }
}
