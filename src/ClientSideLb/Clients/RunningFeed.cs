using ClientSideLb.Clusters;
using ClientSideLb.Discovery;
using ClientSideLb.Requests;

namespace ClientSideLb.Clients;

/// <summary>A feed, its cluster, and the task that keeps the cluster up to date.</summary>
internal sealed class RunningFeed(MonitoredCluster cluster, EndpointFeed feed)
{
    private Task _running = Task.CompletedTask;

    internal EndpointFeed Feed => feed;

    internal Cluster Cluster => cluster.Cluster;

    /// <summary>Gets or sets the route of the latest request. The next request most likely has the same one.</summary>
    internal Route? LatestRoute { get; set; }

    /// <summary>Starts the feed.</summary>
    /// <param name="stopped">Cancelled when the container is disposed.</param>
    /// <param name="onEnded">Called when the feed ends by itself, because no request has used its name for a while.</param>
    internal void Start(Action onEnded, CancellationToken stopped) => _running = BackgroundWork.Run(async () =>
    {
        await feed.RunAsync(stopped).ConfigureAwait(false);
        if (!stopped.IsCancellationRequested)
        {
            onEnded();
            await cluster.DisposeAsync().ConfigureAwait(false);
        }
    });

    /// <summary>Waits until the feed has ended, and disposes the cluster.</summary>
    internal async ValueTask StopAsync()
    {
        await _running.ConfigureAwait(false);
        await cluster.DisposeAsync().ConfigureAwait(false);
    }
}
