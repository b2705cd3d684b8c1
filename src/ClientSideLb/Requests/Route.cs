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
/// <param name="rewrites">The cache of rewritten addresses that all routes of the client share.</param>
/// <param name="unknown">The name in the request's address, if no provider of service discovery knows it.</param>
internal sealed class Route(
    Cluster? cluster,
    ClientSettings settings,
    Func<Exception?>? getDiscoveryFailure,
    TimeProvider time,
    KnownHosts hosts,
    ClientTelemetry telemetry,
    RewriteCache rewrites,
    UnknownName? unknown = null)
{
    internal Cluster? Cluster => cluster;

    internal ClientSettings Settings => settings;

    internal TimeProvider Time => time;

    internal ClientTelemetry Telemetry => telemetry;

    internal KnownHosts Hosts => hosts;

    /// <summary>
    /// Gets the name in the request's address if no provider of service discovery knows it. Such a request passes through, or is refused.
    /// </summary>
    internal UnknownName? Unknown => unknown;

    /// <summary>Gets the failure of service discovery, or <see langword="null"/> if its latest query did not fail.</summary>
    internal Exception? DiscoveryFailure => getDiscoveryFailure?.Invoke();

    /// <summary>Gets the cache of rewritten addresses.</summary>
    internal RewriteCache Rewrites => rewrites;

    /// <summary>Tells whether this route is for a cluster and settings, and for a name that is known or unknown.</summary>
    internal bool IsFor(Cluster? clusterNow, ClientSettings settingsNow, bool isUnknown) =>
        ReferenceEquals(cluster, clusterNow) && ReferenceEquals(settings, settingsNow) && (unknown is not null) == isUnknown;
}
