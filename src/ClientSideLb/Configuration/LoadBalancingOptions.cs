namespace ClientSideLb;

/// <summary>Options that say how the requests of one named <see cref="HttpClient"/> are balanced.</summary>
/// <remarks>
/// Set the options in code or bind them from configuration. A change of the bound configuration takes effect at once. Options that are not
/// valid are refused with a message that names every fault. If they come from a reload, the last valid options stay in effect.
/// </remarks>
public sealed class LoadBalancingOptions
{
    /// <summary>Gets or sets the name of the strategy that picks an endpoint for each request.</summary>
    /// <value>
    /// A name from <see cref="LoadBalancingStrategies"/>, or the name of a strategy that <c>AddLoadBalancingStrategy</c> added. Case does not matter.
    /// The default value is <see cref="LoadBalancingStrategies.PowerOfTwoChoices"/>.
    /// </value>
    public string Strategy { get; set; } = LoadBalancingStrategies.PowerOfTwoChoices;

    /// <summary>Gets the static endpoints of this client. If there are any, every request to the client's service goes to one of them.</summary>
    /// <value>The default value is an empty list: service discovery resolves the host of the request's address.</value>
    /// <remarks>
    /// A request is for the service if its address has the host and port of the client's base address or of an endpoint, or the client's name as its host. Any
    /// other host is foreign, such as that of a token server, or of a link to a gateway. Such a request goes to that host as it is, or is refused
    /// (<see cref="UnknownServices"/>), and never reaches an endpoint. The address of a gRPC channel is the service.
    /// </remarks>
    public IList<EndpointOptions> Endpoints { get; } = [];

    /// <summary>Gets or sets which part of a request is the hash key of <see cref="LoadBalancingStrategies.ConsistentHash"/> and <see cref="LoadBalancingStrategies.Maglev"/>.</summary>
    /// <value>
    /// <c>header:NAME</c>, <c>query:NAME</c>, <c>cookie:NAME</c>, <c>path</c> or <c>client-ip</c>. The default value is <see langword="null"/>.
    /// A key from <c>SetHashKey</c> on the request comes first, then one from <see cref="HashKeySelector"/>, then this part of the request.
    /// If a request has none of these, its path and query are the hash key.
    /// </value>
    /// <remarks>
    /// <para>
    /// <c>cookie:NAME</c> reads the <c>Cookie</c> header of the request, and then the cookies that the primary handler adds below the balancer: those in
    /// the <c>CookieContainer</c> of a <see cref="SocketsHttpHandler"/> or <see cref="HttpClientHandler"/> with <c>UseCookies</c>. Cookies that another handler
    /// below the balancer adds are not seen. A container keeps the cookies of each host apart; if several endpoints have set the cookie, the value of the first
    /// one by <see cref="ClusterEndpoint.HashName"/> is the key. The client factory replaces primary handlers, and their containers with them:
    /// configure one container for all of them to keep cookies for longer than the lifetime of a handler.
    /// </para>
    /// <para>
    /// <c>client-ip</c> is the caller's address as text. An IPv4 address that is mapped to IPv6 is the same key as the IPv4 address, and the zone of
    /// an IPv6 address is no part of the key.
    /// </para>
    /// </remarks>
    public string? HashKey { get; set; }

    /// <summary>
    /// Gets or sets a function that returns a request's hash key. If it returns <see langword="null"/>, <see cref="HashKey"/> applies.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>. Only strategies that hash call the function, at most once for each pick, from any
    /// thread.
    /// </value>
    public Func<HttpRequestMessage, string?>? HashKeySelector { get; set; }

    /// <summary>Gets the options of the hash ring of <see cref="LoadBalancingStrategies.ConsistentHash"/>.</summary>
    public ConsistentHashOptions ConsistentHash { get; } = new();

    /// <summary>Gets the options of the table of <see cref="LoadBalancingStrategies.Maglev"/>.</summary>
    public MaglevOptions Maglev { get; } = new();

    /// <summary>Gets the options for the latency estimates of <see cref="LoadBalancingStrategies.PeakEwma"/>.</summary>
    public PeakEwmaOptions PeakEwma { get; } = new();

    /// <summary>Gets the options of active health checks, which probe endpoints.</summary>
    public ActiveHealthCheckOptions ActiveHealthCheck { get; } = new();

    /// <summary>Gets the options of outlier detection, which sets endpoints aside whose requests fail.</summary>
    public OutlierDetectionOptions OutlierDetection { get; } = new();

    /// <summary>Gets the options of failover, which moves failed requests to other endpoints.</summary>
    public FailoverOptions Failover { get; } = new();

    /// <summary>
    /// Gets or sets a function that decides whether the result of an attempt is a failure of its endpoint. Outlier detection and failover
    /// both use it. It is not called for cancellations by the caller. The <see cref="AttemptResult.Verdict"/> of the result is the one that
    /// the library would give without the function.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: transport errors, attempt timeouts and the statuses 502, 503 and 504 are failures.
    /// </value>
    public Func<AttemptResult, bool>? IsFailure { get; set; }

    /// <summary>
    /// Gets or sets the share of available endpoints below which there is panic: requests go to all endpoints except the drained ones. A wrong
    /// health check must not cause an outage.
    /// </summary>
    /// <value>From 0 to 1. The default value is 0: there is panic only if no endpoint is available.</value>
    public double PanicThreshold { get; set; }

    /// <summary>
    /// Gets or sets the duration of slow start. During this time, the share of an endpoint that comes back, or that joins other endpoints,
    /// grows from a tenth to the whole. Strategies that hash have no slow start.
    /// </summary>
    /// <value>From 0 to a day. The default value is 0: an endpoint gets its full share at once.</value>
    public TimeSpan SlowStart { get; set; }

    /// <summary>Gets the options that limit how many requests are in flight at an endpoint at the same time.</summary>
    public ConcurrencyOptions Concurrency { get; } = new();

    /// <summary>Gets the options that limit this client to a part of the endpoints.</summary>
    public SubsetOptions Subset { get; } = new();

    /// <summary>
    /// Gets or sets the zone that this client runs in. Within each priority, endpoints of the same zone (<see cref="EndpointOptions.Zone"/>) are then used
    /// before the others.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: zones do not matter. A priority without an endpoint of this zone is used as if it were.</value>
    public string? Zone { get; set; }

    /// <summary>
    /// Gets or sets how much more than its share of the traffic an endpoint can take when others of its level are out. A level, which is a priority or the local
    /// part of it, serves min(1, factor × available ÷ all) of the requests if the levels before it leave that many. The method is that of Envoy's priority
    /// levels.
    /// </summary>
    /// <value>
    /// From 1 to 100. The default value is 1.4: nothing goes to the next level until less than 72 % of this one is available. With 1, each endpoint that is out
    /// sends its share to the next level.
    /// </value>
    public double OverprovisioningFactor { get; set; } = 1.4;

    /// <summary>
    /// Gets or sets what happens to a request to a name that no provider of service discovery knows, such as a misspelt one, or to a host that is foreign to
    /// static <see cref="Endpoints"/>.
    /// </summary>
    /// <value>The default value is <see cref="UnknownServiceMode.PassThrough"/>.</value>
    public UnknownServiceMode UnknownServices { get; set; }

    /// <summary>Gets or sets which name the <c>Host</c> header of a request contains.</summary>
    /// <value>The default value is <see cref="HostHeaderMode.Auto"/>.</value>
    public HostHeaderMode HostHeader { get; set; }
}
