using Microsoft.Extensions.Primitives;

namespace ClientSideLb;

/// <summary>The endpoints of one service as one client sees them.</summary>
/// <remarks>
/// <para>
/// A cluster of static endpoints lives as long as the container. A cluster of a discovered service leaves <see cref="IClusterRegistry.Clusters"/>
/// when no request has used the service for two minutes, unless a request is in flight, an endpoint is drained by hand, or the host has started
/// to probe the service. If the service is used again within five minutes, or while the application keeps a reference to the cluster, the same
/// cluster returns, with everything that it knows about its endpoints. Meanwhile its endpoints are not updated. A drain makes it return at once.
/// </para>
/// <para>Both outlive the handlers that the factory replaces. All members are safe for use from any thread.</para>
/// </remarks>
public interface ICluster
{
    /// <summary>Gets the name of the <see cref="HttpClient"/> that the cluster belongs to.</summary>
    string ClientName { get; }

    /// <summary>
    /// Gets the client's name as log lines, messages, metrics, traces and the live page show it. It is <see cref="ClientName"/>, unless a generator such as
    /// Refit made that from the name of a type and its assembly: then it is the type alone. No two clients of a container have the same one.
    /// </summary>
    string ShortClientName => ClientName;

    /// <summary>
    /// Gets the name of the service. With service discovery, it is the host of the requests' address. With static endpoints, it is the host
    /// of the client's <see cref="HttpClient.BaseAddress"/>, or <see cref="ShortClientName"/> if there is no base address.
    /// </summary>
    string ServiceName { get; }

    /// <summary>Gets the name of the strategy that picks an endpoint for each request.</summary>
    string Strategy { get; }

    /// <summary>
    /// Gets the endpoints that this client uses at this moment, including those that are no longer listed but still finish their requests.
    /// </summary>
    IReadOnlyList<ClusterEndpoint> Endpoints { get; }

    /// <summary>
    /// Gets the number of endpoints that configuration or service discovery lists. A client with a subset (<see cref="LoadBalancingOptions.Subset"/>) uses
    /// only some of them.
    /// </summary>
    int ListedEndpointCount => Endpoints.Count;

    /// <summary>
    /// Gets how many requests wait until an endpoint has room (<see cref="ConcurrencyOptions.QueueLimit"/>). While any wait, a new request joins them.
    /// </summary>
    int QueuedCount => 0;

    /// <summary>
    /// Gets a value indicating whether none, or too few, of the endpoints are available, so that all but the drained ones are used.
    /// </summary>
    bool InPanic { get; }

    /// <summary>
    /// Gets the levels of the cluster, in the order in which they are used. A cluster whose endpoints have one priority, and none of them the client's zone,
    /// has one level.
    /// </summary>
    IReadOnlyList<ClusterLevel> Levels => [];

    /// <summary>
    /// Gets the latency that the strategy takes an endpoint to have when it picks now. Together with <see cref="ClusterEndpoint.InFlight"/> and
    /// <see cref="ClusterEndpoint.Weight"/> it tells why the endpoint gets more or fewer requests than another one.
    /// </summary>
    /// <remarks>
    /// <see cref="LoadBalancingStrategies.PeakEwma"/> keeps an estimate. It includes the penalties for failures, and falls towards zero while the
    /// endpoint gets no requests. A strategy of your own shows its estimate by <see cref="EndpointPicker.GetLatencyEstimate"/>. Only the strategy in
    /// use is asked, so after a reload to another strategy the estimate of the old one is gone. <see cref="ClusterEndpoint.Latency"/> is another
    /// number: an average, which does not depend on the strategy.
    /// </remarks>
    /// <param name="endpoint">One of <see cref="Endpoints"/>.</param>
    /// <returns>The estimate, or <see langword="null"/> if the strategy keeps none, or has none for this endpoint yet.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is <see langword="null"/>.</exception>
    TimeSpan? GetLatencyEstimate(ClusterEndpoint endpoint) => null;

    /// <summary>
    /// Gets a token that fires once, with the next change of the cluster: of its endpoints or their weights (each step of a slow start is one), of their health and availability (ejected,
    /// returned, drained, resumed, probed with another result), of panic, levels or the subset, or of the settings. Get a new token for the change after
    /// that, as <see cref="ChangeToken.OnChange(Func{IChangeToken}, Action)"/> does.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The token says that something has changed, and the members of the cluster say what it is now. Callbacks run on the thread pool, so a slow one delays
    /// no request. Changes that come before the callbacks have run are reported together. An exception of a callback is logged. Requests, latencies, queues
    /// and limits that follow the latency fire no token.
    /// </para>
    /// <para>
    /// A registration keeps its callback alive for as long as the cluster lives: dispose it when it is no longer needed. After the container is disposed, no
    /// token fires.
    /// </para>
    /// </remarks>
    /// <returns>The token.</returns>
    IChangeToken GetChangeToken() => new CancellationChangeToken(CancellationToken.None);

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
