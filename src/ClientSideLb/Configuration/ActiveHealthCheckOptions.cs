using ClientSideLb.Configuration;

namespace ClientSideLb;

/// <summary>Options of active health checks: the client probes each endpoint of a cluster at intervals, whatever the traffic.</summary>
/// <remarks>
/// The probes of a discovered service pause when no request has used the service for two minutes, until the next request. Only the service
/// that the client's base address names is probed from the start of the host to its end.
/// </remarks>
public sealed class ActiveHealthCheckOptions
{
    private IHealthProbe? _probe;

    /// <summary>Gets or sets a value indicating whether endpoints are probed.</summary>
    /// <value>The default value is <see langword="false"/>, because not every backend answers probes.</value>
    public bool Enabled { get; set; }

    /// <summary>Gets or sets the kind of the built-in probe.</summary>
    /// <value>The default value is <see cref="HealthProbeKind.Http"/>. It is not used if <see cref="UseProbe"/> sets a probe of your own.</value>
    public HealthProbeKind Kind { get; set; }

    /// <summary>Gets or sets the path of an HTTP probe, with an optional query. The endpoint's base path comes before it.</summary>
    /// <value>A path that starts with a slash. The default value is <c>/health</c>.</value>
    public string Path { get; set; } = "/health";

    /// <summary>Gets or sets the service whose health a gRPC probe asks for (<see cref="HealthProbeKind.Grpc"/>).</summary>
    /// <value>
    /// The full name of a service, such as <c>shop.v1.Orders</c>. The default value is the empty text, which stands for the whole server.
    /// </value>
    /// <remarks>
    /// The probe passes if the server answers <c>SERVING</c>. It also passes if the server does not have the health service
    /// (<c>UNIMPLEMENTED</c>), as in gRPC clients. The path, the method, the expected status and the body predicate do not matter. The HTTP version is 2
    /// unless <see cref="Version"/> is set.
    /// </remarks>
    public string GrpcService { get; set; } = "";

    /// <summary>Gets or sets the method of an HTTP probe.</summary>
    /// <value>A method of ASCII letters. The default value is <c>GET</c>.</value>
    public string Method { get; set; } = "GET";

    /// <summary>
    /// Gets or sets the HTTP version of an HTTP probe. Set it to 2.0 if the backends speak only HTTP/2 and each request sets its own version, as gRPC
    /// clients do.
    /// </summary>
    /// <value>
    /// 1.0, 1.1, 2.0 or 3.0. The default value is <see langword="null"/>: that of the client's requests, <see cref="HttpClient.DefaultRequestVersion"/>.
    /// </value>
    public Version? Version { get; set; }

    /// <summary>Gets or sets how the version of an HTTP probe is negotiated.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: <see cref="HttpVersionPolicy.RequestVersionExact"/> if <see cref="Version"/> is set, otherwise that
    /// of the client's requests, <see cref="HttpClient.DefaultVersionPolicy"/>.
    /// </value>
    public HttpVersionPolicy? VersionPolicy { get; set; }

    /// <summary>Gets or sets the statuses with which an HTTP probe passes. A probe does not follow redirects.</summary>
    /// <value>Numbers and ranges from 100 to 599, separated by commas, such as <c>200,204,300-399</c>. The default value is <c>200-299</c>.</value>
    public string ExpectedStatus { get; set; } = "200-299";

    /// <summary>Gets or sets a condition that the response body of an HTTP probe must fulfil, in addition to the status.</summary>
    /// <value>The default value is <see langword="null"/>: the body does not matter. With a condition, a body of 64 KiB or more fails the probe.</value>
    public Func<string, bool>? BodyPredicate { get; set; }

    /// <summary>
    /// Gets or sets the time from one probe of an endpoint to the next. It varies at random by up to a tenth. The first probe
    /// follows after a random delay of at most one second, or at most this interval if it is shorter.
    /// </summary>
    /// <value>From 10 milliseconds to a day. The default value is 10 seconds.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the time between probes of an endpoint that is not healthy. It has no effect if it is longer than <see cref="Interval"/>.
    /// </summary>
    /// <value>From 10 milliseconds to a day. The default value is 2 seconds, so that a backend that works again is soon used again.</value>
    public TimeSpan UnhealthyInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the time after which a probe without an answer fails.</summary>
    /// <value>From 1 millisecond to an hour. The default value is 2 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how many probes must fail in a row for an endpoint to be unhealthy.</summary>
    /// <value>At least 1. The default value is 2.</value>
    public int UnhealthyThreshold { get; set; } = 2;

    /// <summary>Gets or sets how many probes must pass in a row for an unhealthy endpoint to be healthy.</summary>
    /// <value>At least 1. The default value is 1.</value>
    public int HealthyThreshold { get; set; } = 1;

    /// <summary>Gets or sets how many endpoints of a cluster are probed at the same time, at most.</summary>
    /// <value>At least 1. The default value is 16.</value>
    public int MaxConcurrentProbes { get; set; } = 16;

    /// <summary>Sets a probe of your own. It replaces the built-in probe that <see cref="Kind"/> selects.</summary>
    /// <param name="probe">The probe. Every cluster of the client uses it, from any thread.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probe"/> is <see langword="null"/>.</exception>
    public void UseProbe(IHealthProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        _probe = probe;
    }

    /// <summary>Creates settings from these options.</summary>
    /// <param name="hostHeader">The name that the Host header of the client's requests contains.</param>
    internal ProbeSettings ToSettings(HostHeaderMode hostHeader) => new()
    {
        Enabled = Enabled,
        Kind = Kind,
        Path = Path,
        Method = Method,
        GrpcService = GrpcService,
        Version = Version,
        VersionPolicy = VersionPolicy,
        ExpectedStatus = ExpectedStatus,
        BodyPredicate = BodyPredicate,
        Interval = Interval,
        UnhealthyInterval = UnhealthyInterval,
        Timeout = Timeout,
        UnhealthyThreshold = UnhealthyThreshold,
        HealthyThreshold = HealthyThreshold,
        MaxConcurrentProbes = MaxConcurrentProbes,
        HostHeader = hostHeader,
        OwnProbe = _probe,
    };
}
