using ClientSideLb.Clusters;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>A feed, its cluster, and the task that keeps the cluster up to date.</summary>
/// <param name="service">The service.</param>
/// <param name="cluster">The cluster of the service.</param>
/// <param name="feed">The feed of the cluster.</param>
internal sealed class RunningFeed(LogicalAddress service, MonitoredCluster cluster, EndpointFeed feed)
{
    private Task _running = Task.CompletedTask;
    private string? _serviceName;

    internal LogicalAddress Service => service;

    /// <summary>Gets the name by which service discovery knows the service.</summary>
    internal string ServiceName => _serviceName ??= service.ToString();

    internal EndpointFeed Feed => feed;

    internal Cluster Cluster => cluster.Cluster;

    internal MonitoredCluster Monitored => cluster;

    /// <summary>Gets or sets the route of the latest request. The next request most likely has the same one.</summary>
    internal Route? LatestRoute { get; set; }

    /// <summary>Starts the feed.</summary>
    /// <param name="owner">Called when the feed ends by itself, because no request has used it for a while.</param>
    /// <param name="stopped">Cancelled when the container is disposed.</param>
    internal void Start(ServiceFeeds owner, CancellationToken stopped) => _running = Run(feed, new WeakReference<RunningFeed>(this), new WeakReference<ServiceFeeds>(owner), stopped);

    /// <summary>Waits until the feed has ended, and disposes the cluster.</summary>
    internal async ValueTask StopAsync()
    {
        await _running.ConfigureAwait(false);
        await cluster.DisposeAsync().ConfigureAwait(false);
    }

    // The timer of a pause keeps this task alive. The task must not keep alive the container, which may be dropped without being disposed.
    private static Task Run(EndpointFeed feed, WeakReference<RunningFeed> running, WeakReference<ServiceFeeds> owner, CancellationToken stopped) =>
        BackgroundWork.Run(() => RunAsync(feed.RunAsync(stopped), running, owner, stopped));

    private static async Task RunAsync(Task feed, WeakReference<RunningFeed> running, WeakReference<ServiceFeeds> owner, CancellationToken stopped)
    {
        await feed.ConfigureAwait(false);
        if (!stopped.IsCancellationRequested && owner.TryGetTarget(out var feeds) && running.TryGetTarget(out var ended))
        {
            feeds.End(ended);
        }
    }
}
