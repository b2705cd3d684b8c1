namespace ClientSideLb;

/// <summary>The endpoints of one service as one client sees them.</summary>
/// <remarks>
/// A cluster lives as long as the container and outlives the handlers that the factory replaces. All members are safe for use from any
/// thread.
/// </remarks>
public interface ICluster
{
    /// <summary>Gets the name of the <see cref="HttpClient"/> that the cluster belongs to.</summary>
    string ClientName { get; }

    /// <summary>
    /// Gets the name of the service. With service discovery, it is the host of the requests' address. With static endpoints, it is the host
    /// of the client's <see cref="HttpClient.BaseAddress"/>, or the client's name if there is no base address.
    /// </summary>
    string ServiceName { get; }

    /// <summary>Gets the name of the strategy that picks an endpoint for each request.</summary>
    string Strategy { get; }

    /// <summary>
    /// Gets the endpoints at this moment, including those that are no longer listed but still finish their requests.
    /// </summary>
    IReadOnlyList<ClusterEndpoint> Endpoints { get; }

    /// <summary>
    /// Gets a value indicating whether none, or too few, of the endpoints are available, so that all but the drained ones are used.
    /// </summary>
    bool InPanic { get; }

    /// <summary>
    /// Drains an endpoint for maintenance. Once this method has returned, the endpoint gets no new requests. Its requests in flight finish.
    /// The drain lasts until <see cref="TryResume"/>, even if the address disappears from discovery and returns.
    /// </summary>
    /// <param name="address">The endpoint's address. Scheme, host, port and base path are compared.</param>
    /// <returns>
    /// <see langword="true"/> if the cluster has such an endpoint, even if it was draining already; otherwise <see langword="false"/>.
    /// </returns>
    bool TryDrain(Uri address);

    /// <summary>Ends a drain that <see cref="TryDrain"/> began. An endpoint with weight 0 stays drained until its weight is raised.</summary>
    /// <param name="address">The endpoint's address. Scheme, host, port and base path are compared.</param>
    /// <returns>
    /// <see langword="true"/> if the cluster has such an endpoint, or had drained one that is not listed now; otherwise
    /// <see langword="false"/>.
    /// </returns>
    bool TryResume(Uri address);
}
