using ClientSideLb.Configuration;

namespace ClientSideLb;

/// <summary>
/// Options that limit how many requests of this client are in flight at an endpoint at the same time, and how requests wait for one that has room.
/// </summary>
/// <remarks>
/// A request is in flight from the pick of its endpoint until its response's body has ended. The limit counts the requests of this client in this process.
/// Other clients of the same backend have limits of their own.
/// </remarks>
public sealed class ConcurrencyOptions
{
    /// <summary>Gets or sets how many requests may be in flight at an endpoint at the same time.</summary>
    /// <value>
    /// From 1. The default value is <see langword="null"/>: there is no limit. If weights differ, this is the limit of the endpoints of the greatest weight,
    /// and the others get one in proportion to theirs, but at least 1. During <see cref="LoadBalancingOptions.SlowStart"/> the limit grows with the share of
    /// the endpoint.
    /// </value>
    /// <remarks>
    /// The limit is never exceeded, not by failover, hedges, trials of ejected endpoints or in panic either. If a reload lowers it, requests in flight go on, and
    /// no new one is sent until fewer are in flight.
    /// </remarks>
    public int? MaxInFlightPerEndpoint { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether the limit of each endpoint is found from its latency: while answers get slower than without load, the limit
    /// falls, and while they do not, it grows. The method is the gradient controller of Envoy's adaptive concurrency filter.
    /// </summary>
    /// <value>
    /// The default value is <see langword="false"/>. The limit begins at 20. It is never below 1, and never above <see cref="MaxInFlightPerEndpoint"/>, or 1000 if
    /// there is none.
    /// </value>
    /// <remarks>
    /// The latency without load is measured about every half a minute: for up to 50 answers, or 2 seconds, only 3 requests may be in flight at the endpoint. Each
    /// endpoint is measured at another time. A request that an endpoint rejects (429 or 503) or that times out lowers the limit.
    /// </remarks>
    public bool Adaptive { get; set; }

    /// <summary>Gets or sets how many requests may wait for an endpoint that has room, first in, first out.</summary>
    /// <value>
    /// From 0. The default value is 0: no request waits. A request that finds all endpoints full then fails at once with a
    /// <see cref="NoEndpointAvailableException"/> whose reason is <see cref="NoEndpointReason.Saturated"/>.
    /// </value>
    public int QueueLimit { get; set; }

    /// <summary>Gets or sets how long a request waits for room before it fails.</summary>
    /// <value>From a millisecond to a day. The default value is 1 second. A reload also changes it for the requests that wait already.</value>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets a value indicating whether a request waits for the endpoint that owns its key, even if another endpoint has room.
    /// </summary>
    /// <value>
    /// The default value is <see langword="false"/>: the request goes to the next endpoint in the order of its key. With <see langword="true"/>, <see cref="QueueLimit"/>
    /// must be above 0. Only <see cref="LoadBalancingStrategies.ConsistentHash"/>, <see cref="LoadBalancingStrategies.Maglev"/> and
    /// <see cref="LoadBalancingStrategies.IpHash"/> have owners.
    /// </value>
    public bool WaitForOwner { get; set; }

    internal ConcurrencySettings ToSettings() => new(MaxInFlightPerEndpoint, Adaptive, QueueLimit, QueueTimeout, WaitForOwner);
}
