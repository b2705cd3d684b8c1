namespace ClientSideLb;

/// <summary>One named set of backends as one client sees it.</summary>
/// <remarks>A cluster lives as long as the container, whatever handlers come and go. All members are safe for use from any thread.</remarks>
public interface ICluster
{
    /// <summary>Gets the name of the <see cref="HttpClient"/> that the cluster belongs to.</summary>
    string ClientName { get; }

    /// <summary>
    /// Gets the logical service that the cluster stands for: the host of the requests' address, or with static endpoints the
    /// host of the client's <see cref="HttpClient.BaseAddress"/>, or else the client's name.
    /// </summary>
    string ServiceName { get; }

    /// <summary>Gets the name of the strategy that picks an endpoint for each request.</summary>
    string Strategy { get; }

    /// <summary>
    /// Gets the endpoints as they are at this moment, those among them that are no longer listed but have requests to finish.
    /// </summary>
    IReadOnlyList<ClusterEndpoint> Endpoints { get; }

    /// <summary>
    /// Gets a value indicating whether none, or too few, of the endpoints are available, so that all but the drained are used.
    /// </summary>
    bool InPanic { get; }

    /// <summary>
    /// Drains an endpoint for maintenance: once this has returned it gets no new requests, and those under way finish.
    /// It lasts until <see cref="TryResume"/>, also where the address vanishes from discovery and returns.
    /// </summary>
    /// <param name="address">The endpoint's address; scheme, host, port and base path are compared.</param>
    /// <returns><see langword="false"/> if the cluster has no such endpoint, otherwise <see langword="true"/>, also if it was draining already.</returns>
    bool TryDrain(Uri address);

    /// <summary>Ends a drain by hand. An endpoint of weight 0 stays drained until its weight is raised.</summary>
    /// <param name="address">The endpoint's address; scheme, host, port and base path are compared.</param>
    /// <returns><see langword="false"/> if the cluster neither has nor remembers such an endpoint, otherwise <see langword="true"/>.</returns>
    bool TryResume(Uri address);
}
