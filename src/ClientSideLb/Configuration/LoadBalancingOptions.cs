namespace ClientSideLb;

/// <summary>How the requests of one named <see cref="HttpClient"/> are balanced.</summary>
/// <remarks>
/// Set in code or bound from configuration; a change of configuration takes effect at once.
/// Settings that are not valid are refused with every fault named, and after a reload the last good settings stay.
/// </remarks>
public sealed class LoadBalancingOptions
{
    /// <summary>Gets or sets the name of the strategy that picks an endpoint for each request.</summary>
    /// <value>
    /// A name from <see cref="LoadBalancingStrategies"/>, or of a strategy added with <c>AddLoadBalancingStrategy</c>; case does not matter.
    /// The default value is <see cref="LoadBalancingStrategies.PowerOfTwoChoices"/>.
    /// </value>
    public string Strategy { get; set; } = LoadBalancingStrategies.PowerOfTwoChoices;

    /// <summary>Gets the static endpoints of this client. Every request of the client goes to one of them.</summary>
    /// <value>Empty by default: then the host of the request's address is resolved by service discovery.</value>
    public IList<EndpointOptions> Endpoints { get; } = [];

    /// <summary>Gets or sets which part of a request is the hash key of <see cref="LoadBalancingStrategies.ConsistentHash"/>.</summary>
    /// <value>
    /// <c>header:NAME</c>, <c>query:NAME</c>, <c>cookie:NAME</c>, <c>path</c> or <c>client-ip</c>; the default value is <see langword="null"/>.
    /// A request that lacks it is hashed by path and query. <c>SetHashKey</c> on a request, then <see cref="HashKeySelector"/>, come before it.
    /// </value>
    public string? HashKey { get; set; }

    /// <summary>Gets or sets a function that gives a request's hash key, or <see langword="null"/> to leave it to <see cref="HashKey"/>.</summary>
    /// <value>The default value is <see langword="null"/>. It is called at most once a pick, from any thread, and only by strategies that hash.</value>
    public Func<HttpRequestMessage, string?>? HashKeySelector { get; set; }

    /// <summary>Gets how the ring of <see cref="LoadBalancingStrategies.ConsistentHash"/> is sized.</summary>
    public ConsistentHashOptions ConsistentHash { get; } = new();

    /// <summary>Gets how endpoints are probed.</summary>
    public ActiveHealthCheckOptions ActiveHealthCheck { get; } = new();

    /// <summary>Gets when endpoints whose requests fail are set aside.</summary>
    public OutlierDetectionOptions OutlierDetection { get; } = new();

    /// <summary>Gets how requests that failed move to other endpoints.</summary>
    public FailoverOptions Failover { get; } = new();

    /// <summary>
    /// Gets or sets a function that decides whether the result of an attempt is a failure of its endpoint, for outlier detection and failover
    /// alike. Not called for cancellations by the caller. The result's <see cref="AttemptResult.Verdict"/> is the one that the library
    /// would give by itself.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: transport errors, attempt timeouts and the statuses 502, 503 and 504 are failures.
    /// </value>
    public Func<AttemptResult, bool>? IsFailure { get; set; }

    /// <summary>Gets or sets the share of available endpoints below which all but the drained are used: a wrong health check must not cause an outage.</summary>
    /// <value>From 0 to 1; the default value is 0: only when none is available.</value>
    public double PanicThreshold { get; set; }

    /// <summary>
    /// Gets or sets the time over which an endpoint that comes back, or that joins the others, is brought up to its full share.
    /// Strategies that hash do not ramp.
    /// </summary>
    /// <value>From 0 to a day; the default value is 0: at once.</value>
    public TimeSpan SlowStart { get; set; }

    /// <summary>Gets or sets which name the <c>Host</c> header carries.</summary>
    /// <value>The default value is <see cref="HostHeaderMode.Auto"/>.</value>
    public HostHeaderMode HostHeader { get; set; }
}
