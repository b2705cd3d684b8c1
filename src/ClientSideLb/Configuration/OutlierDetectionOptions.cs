using ClientSideLb.Endpoints;

namespace ClientSideLb;

/// <summary>Outlier detection: an endpoint whose requests fail is ejected, that is set aside for a while.</summary>
public sealed class OutlierDetectionOptions
{
    /// <summary>Gets or sets a value indicating whether endpoints are ejected.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how many requests must fail in a row for an endpoint to be ejected.</summary>
    /// <value>At least 1; the default value is 5, as in Envoy.</value>
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>Gets or sets the share of an endpoint's requests in <see cref="Window"/> from which on it is ejected.</summary>
    /// <value>Above 0, at most 1; the default value is 0.5.</value>
    public double FailureRate { get; set; } = 0.5;

    /// <summary>Gets or sets how many requests to an endpoint there must be in <see cref="Window"/> for <see cref="FailureRate"/> to count.</summary>
    /// <value>At least 1; the default value is 20.</value>
    public int MinimumRequests { get; set; } = 20;

    /// <summary>Gets or sets the time over which <see cref="FailureRate"/> is measured. It moves on by halves.</summary>
    /// <value>From 10 ms to a day; the default value is 10 seconds.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long an endpoint is set aside the first time; the second time in a row it is twice as long, and so on.</summary>
    /// <value>From 10 ms to a day; the default value is 10 seconds. It is jittered by a tenth.</value>
    public TimeSpan BaseEjectionTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the longest time an endpoint is set aside, also where it asks for more by <c>Retry-After</c>.</summary>
    /// <value>At least <see cref="BaseEjectionTime"/>; the default value is 5 minutes.</value>
    public TimeSpan MaxEjectionTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long a request must have waited for headers for its cancellation to count as a failure. <see cref="HttpClient.Timeout"/>
    /// reaches the balancer as a cancellation, so this is how a backend that hangs is found. Such requests count only while the endpoint
    /// has answered nothing since the first of them was sent.
    /// </summary>
    /// <value>Above 0; the default value is 1 second.</value>
    public TimeSpan UnansweredWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the share of a cluster's endpoints that may be out at once, whatever the reason, for another to be ejected.
    /// </summary>
    /// <value>
    /// From 0 to 1; the default value is 0.5. It is rounded down but at least one endpoint, so one of three may go. The last available one
    /// is never ejected. An endpoint that refuses connections is ejected past the ratio, for that is proof and not suspicion.
    /// </value>
    public double MaxEjectionRatio { get; set; } = 0.5;

    /// <summary>Makes the settings of these options, with times in units of a clock.</summary>
    internal OutlierSettings ToSettings(TimeProvider time) => new()
    {
        Enabled = Enabled,
        ConsecutiveFailures = ConsecutiveFailures,
        FailureRate = FailureRate,
        MinimumRequests = MinimumRequests,
        MaxEjectionRatio = MaxEjectionRatio,
        Window = Timestamps.FromTimeSpan(Window, time),
        BaseEjectionTime = Timestamps.FromTimeSpan(BaseEjectionTime, time),
        MaxEjectionTime = Timestamps.FromTimeSpan(MaxEjectionTime, time),
        UnansweredWait = Timestamps.FromTimeSpan(UnansweredWait, time),
    };
}
