using ClientSideLb.Endpoints;

namespace ClientSideLb;

/// <summary>Options of outlier detection: an endpoint whose requests fail is ejected, which means that it is set aside for a while.</summary>
public sealed class OutlierDetectionOptions
{
    /// <summary>Gets or sets a value indicating whether endpoints are ejected.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how many requests must fail in a row for an endpoint to be ejected.</summary>
    /// <value>At least 1. The default value is 5, as in Envoy.</value>
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>Gets or sets the share of failed requests in the <see cref="Window"/> at which an endpoint is ejected.</summary>
    /// <value>Above 0, at most 1. The default value is 0.5.</value>
    public double FailureRate { get; set; } = 0.5;

    /// <summary>Gets or sets how many requests an endpoint must have in the <see cref="Window"/> for <see cref="FailureRate"/> to apply.</summary>
    /// <value>At least 1. The default value is 20.</value>
    public int MinimumRequests { get; set; } = 20;

    /// <summary>Gets or sets the time over which the failure rate is measured. The window moves on by a sixteenth of its length at a time.</summary>
    /// <value>From 10 milliseconds to a day. The default value is 10 seconds.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets how long the first ejection of an endpoint lasts. The second in a row lasts twice as long, the third three times as long,
    /// and so on. The time varies at random by up to a tenth.
    /// </summary>
    /// <value>From 10 milliseconds to a day. The default value is 10 seconds.</value>
    public TimeSpan BaseEjectionTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the longest time for which an endpoint is set aside. It also limits the time that an endpoint can ask for with
    /// <c>Retry-After</c>.
    /// </summary>
    /// <value>From <see cref="BaseEjectionTime"/> to a day. The default value is 5 minutes.</value>
    public TimeSpan MaxEjectionTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long requests must wait for headers for the endpoint to count as hanging. If several requests wait that long and the endpoint
    /// gives no sign of life, it is ejected while they wait.
    /// </summary>
    /// <remarks>
    /// If the endpoint's slow answers take longer, twice their time counts instead. If a caller gives up sooner, its request counts as unanswered if it
    /// waited longer than most answers take, and at least for a tenth of this value. A sign of life is an answer to any request, or bytes that the endpoint
    /// sends or accepts.
    /// </remarks>
    /// <value>From 1 millisecond to a day. The default value is 1 second.</value>
    public TimeSpan UnansweredWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the greatest share of a cluster's endpoints that may be out at once, for any reason. If an ejection would exceed it, the
    /// endpoint is not ejected.
    /// </summary>
    /// <value>
    /// From 0 to 1. The default value is 0.5. The number of endpoints is rounded down, but is at least one: one of three may be ejected. The
    /// last available endpoint is never ejected. An endpoint that refuses connections may be ejected beyond the ratio, because a refused
    /// connection is proof and not suspicion.
    /// </value>
    public double MaxEjectionRatio { get; set; } = 0.5;

    /// <summary>Creates settings from these options, with times in the timestamp units of a clock.</summary>
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
