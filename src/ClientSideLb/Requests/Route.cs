namespace ClientSideLb;

/// <summary>Where a request is to go, found once for all its attempts. Immutable, and the same for all requests while nothing changes.</summary>
/// <param name="cluster">The cluster its address names, or <see langword="null"/> where it goes to that address as it is.</param>
/// <param name="settings">The client's settings.</param>
/// <param name="discoveryFailure">Tells why the cluster may know no endpoint, if that can be.</param>
/// <param name="random">Where picks get their numbers.</param>
/// <param name="time">The clock.</param>
internal sealed class Route(Cluster? cluster, ClientSettings settings, Func<Exception?>? discoveryFailure, Random random, TimeProvider time)
{
    internal Cluster? Cluster => cluster;

    internal ClientSettings Settings => settings;

    internal Random Random => random;

    internal TimeProvider Time => time;

    /// <summary>Gets why the cluster may know no endpoint.</summary>
    internal Exception? DiscoveryFailure => discoveryFailure?.Invoke();

    /// <summary>Tells whether a request that comes now goes the same way.</summary>
    internal bool IsFor(Cluster? clusterNow, ClientSettings settingsNow) => ReferenceEquals(cluster, clusterNow) && ReferenceEquals(settings, settingsNow);
}
