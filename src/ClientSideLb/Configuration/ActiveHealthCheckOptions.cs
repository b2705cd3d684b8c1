using ClientSideLb.Configuration;

namespace ClientSideLb;

/// <summary>Active health checks: each endpoint of a cluster is asked at intervals whether it works, whatever the traffic.</summary>
public sealed class ActiveHealthCheckOptions
{
    private IHealthProbe? _probe;

    /// <summary>Gets or sets a value indicating whether endpoints are probed.</summary>
    /// <value>The default value is <see langword="false"/>: an endpoint need not have an address that answers probes.</value>
    public bool Enabled { get; set; }

    /// <summary>Gets or sets how an endpoint is asked.</summary>
    /// <value>The default value is <see cref="HealthProbeKind.Http"/>. Not used when a probe of your own is given by <see cref="UseProbe"/>.</value>
    public HealthProbeKind Kind { get; set; }

    /// <summary>Gets or sets the path of an HTTP probe, with a query if it has one. The endpoint's base path comes before it.</summary>
    /// <value>Starts with a slash; the default value is <c>/health</c>.</value>
    public string Path { get; set; } = "/health";

    /// <summary>Gets or sets the method of an HTTP probe.</summary>
    /// <value>The default value is <c>GET</c>.</value>
    public string Method { get; set; } = "GET";

    /// <summary>Gets or sets the statuses by which an HTTP probe passes: numbers and ranges, separated by commas.</summary>
    /// <value>The default value is <c>200-299</c>. Example: <c>200,204,300-399</c>.</value>
    public string ExpectedStatus { get; set; } = "200-299";

    /// <summary>Gets or sets what the body of an HTTP probe's answer must fulfil besides its status.</summary>
    /// <value>The default value is <see langword="null"/>: any body will do. With a predicate, bodies of 64 KiB or more fail the probe.</value>
    public Func<string, bool>? BodyPredicate { get; set; }

    /// <summary>Gets or sets the time from one probe of an endpoint to the next. It is jittered by a tenth, and so is the first probe by up to a second.</summary>
    /// <value>From 10 ms to a day; the default value is 10 seconds.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the time between probes of an endpoint that is not healthy, where it is shorter than <see cref="Interval"/>.</summary>
    /// <value>From 10 ms to a day; the default value is 2 seconds, so that a backend which is back is soon used again.</value>
    public TimeSpan UnhealthyInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the time after which a probe that has no answer has failed.</summary>
    /// <value>From 1 ms to an hour; the default value is 2 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how many probes must fail in a row for an endpoint to be unhealthy.</summary>
    /// <value>At least 1; the default value is 2.</value>
    public int UnhealthyThreshold { get; set; } = 2;

    /// <summary>Gets or sets how many probes must pass in a row for an unhealthy endpoint to be healthy.</summary>
    /// <value>At least 1; the default value is 1.</value>
    public int HealthyThreshold { get; set; } = 1;

    /// <summary>Gets or sets how many endpoints of a cluster are probed at the same time.</summary>
    /// <value>At least 1; the default value is 16.</value>
    public int MaxConcurrentProbes { get; set; } = 16;

    /// <summary>Has endpoints asked by a probe of your own, which takes the place of <see cref="Kind"/>.</summary>
    /// <param name="probe">The probe. It is used by every cluster of the client, from any thread.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probe"/> is <see langword="null"/>.</exception>
    public void UseProbe(IHealthProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        _probe = probe;
    }

    /// <summary>Makes the settings of these options.</summary>
    /// <param name="hostHeader">The name that the Host header of the client's requests carries.</param>
    internal ProbeSettings ToSettings(HostHeaderMode hostHeader) => new()
    {
        Enabled = Enabled,
        Kind = Kind,
        Path = Path,
        Method = Method,
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
