using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>
/// The cluster and the settings for all attempts of a request. Immutable. All requests to a service share one route until the settings
/// change.
/// </summary>
/// <param name="cluster">
/// The cluster that the request's address names, or <see langword="null"/> if the request is sent to that address itself.
/// </param>
/// <param name="settings">The client's settings.</param>
/// <param name="getDiscoveryFailure">Gets the failure of service discovery, if its latest query failed.</param>
/// <param name="time">The clock.</param>
/// <param name="hosts">The hosts that have answered a request of the client.</param>
/// <param name="telemetry">The metrics and the log that the request reports to.</param>
internal sealed class Route(
    Cluster? cluster, ClientSettings settings, Func<Exception?>? getDiscoveryFailure, TimeProvider time, KnownHosts hosts, ClientTelemetry telemetry)
{
    private RewriteCache? _rewrites;

    internal Cluster? Cluster => cluster;

    internal ClientSettings Settings => settings;

    internal TimeProvider Time => time;

    internal ClientTelemetry Telemetry => telemetry;

    internal KnownHosts Hosts => hosts;

    /// <summary>Gets the failure of service discovery, or <see langword="null"/> if its latest query did not fail.</summary>
    internal Exception? DiscoveryFailure => getDiscoveryFailure?.Invoke();

    /// <summary>Gets the cache of rewritten addresses.</summary>
    /// <remarks>It is created when it is first read. A route without a cluster needs none, and a crawler has thousands of those.</remarks>
    internal RewriteCache Rewrites => LazyInitializer.EnsureInitialized(ref _rewrites, static () => new RewriteCache());

    /// <summary>Tells whether this route is for a cluster and settings.</summary>
    internal bool IsFor(Cluster? clusterNow, ClientSettings settingsNow) => ReferenceEquals(cluster, clusterNow) && ReferenceEquals(settings, settingsNow);
}
