namespace ClientSideLb;

/// <summary>Where a request is to go, found once for all its attempts.</summary>
/// <param name="Cluster">The cluster its address names, or <see langword="null"/> where it goes to that address as it is.</param>
/// <param name="Settings">The client's settings.</param>
/// <param name="DiscoveryFailure">Why the cluster may know no endpoint.</param>
/// <param name="Random">Where picks get their numbers.</param>
/// <param name="Time">The clock.</param>
internal readonly record struct Route(Cluster? Cluster, ClientSettings Settings, Exception? DiscoveryFailure, Random Random, TimeProvider Time);
