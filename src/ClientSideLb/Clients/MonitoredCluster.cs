using ClientSideLb.Clusters;
using ClientSideLb.Health;

namespace ClientSideLb.Clients;

/// <summary>A cluster and the prober for its endpoints, which exists only while they are probed.</summary>
/// <param name="cluster">The cluster. The caller subscribes this object to its events.</param>
/// <param name="createProber">Makes a prober that stops when a token is cancelled.</param>
/// <param name="stopped">Cancelled when the container is disposed.</param>
internal sealed class MonitoredCluster(Cluster cluster, Func<Cluster, CancellationToken, HealthProber> createProber, CancellationToken stopped)
    : IClusterListener, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private HealthProber? _prober;
    private CancellationTokenSource? _probing;
    private bool _isSuspended;

    internal Cluster Cluster => cluster;

    /// <summary>Gets or sets the action that runs when an endpoint has been drained by hand.</summary>
    internal Action? DrainBegan { get; set; }

    public void OnEndpointsChanged(Cluster changed, MembershipChange change) => Wake();

    public void OnSubsetChanged(Cluster changed, int used, int listed) => Wake();

    public void OnSettingsChanged(Cluster changed) => Wake();

    public void OnDrained(Cluster changed, ClusterEndpoint endpoint) => DrainBegan?.Invoke();

    /// <summary>Ends all probes until <see cref="Resume"/>.</summary>
    internal void Suspend()
    {
        CancellationTokenSource? probing;
        lock (_lock)
        {
            _isSuspended = true;
            probing = _probing;
            (_probing, _prober) = (null, null);
        }

        // The caller may hold a lock, so nothing that waits for the token may run here. The source is not disposed, because a probe may still
        // use its token.
        _ = probing?.CancelAsync();
    }

    /// <summary>Probes the endpoints again, if the settings say so.</summary>
    internal void Resume()
    {
        lock (_lock)
        {
            _isSuspended = false;
        }

        Wake();
    }

    /// <summary>
    /// Waits until the last probe has ended, and disposes the cluster. The caller has cancelled the probes before, or the cluster has no
    /// endpoints.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // Requests that wait for room must not wait for the probes as well.
        cluster.Waiting.Dispose();
        HealthProber? prober;
        lock (_lock)
        {
            prober = _prober;
        }

        if (prober is not null)
        {
            await prober.StopAsync().ConfigureAwait(false);
        }

        cluster.Dispose();
    }

    private void Wake()
    {
        HealthProber prober;
        lock (_lock)
        {
            if (_isSuspended || (_prober is null && !cluster.Settings.Probes.Enabled))
            {
                return;
            }

            _probing ??= CancellationTokenSource.CreateLinkedTokenSource(stopped);
            prober = _prober ??= createProber(cluster, _probing.Token);
        }

        prober.Wake();
    }
}
