using ClientSideLb.Clusters;

namespace ClientSideLb.Requests;

/// <summary>Where a request goes, found once for all its attempts. Immutable, and the same for all requests while nothing changes.</summary>
/// <param name="cluster">The cluster that its address names, or <see langword="null"/> if it goes to that address as it is.</param>
/// <param name="settings">The client's settings.</param>
/// <param name="getDiscoveryFailure">Gets why the cluster may know no endpoint.</param>
/// <param name="time">The clock.</param>
/// <param name="telemetry">Where the request reports to.</param>
internal sealed class Route(
    Cluster? cluster, ClientSettings settings, Func<Exception?>? getDiscoveryFailure, TimeProvider time, ClientTelemetry telemetry)
{
    private RewriteCache? _rewrites;

    internal Cluster? Cluster => cluster;

    internal ClientSettings Settings => settings;

    internal TimeProvider Time => time;

    internal ClientTelemetry Telemetry => telemetry;

    /// <summary>Gets why the cluster may know no endpoint.</summary>
    internal Exception? DiscoveryFailure => getDiscoveryFailure?.Invoke();

    /// <summary>Gets the rewritten addresses of repeated requests.</summary>
    /// <remarks>It is made for the first of them, because a route without a cluster needs none: a crawler has thousands of those.</remarks>
    internal RewriteCache Rewrites => LazyInitializer.EnsureInitialized(ref _rewrites, static () => new RewriteCache());

    /// <summary>Tells whether a request that comes now goes the same way.</summary>
    internal bool IsFor(Cluster? clusterNow, ClientSettings settingsNow) => ReferenceEquals(cluster, clusterNow) && ReferenceEquals(settings, settingsNow);
}
