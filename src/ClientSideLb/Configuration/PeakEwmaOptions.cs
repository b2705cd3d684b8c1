using ClientSideLb.Strategies;

namespace ClientSideLb;

/// <summary>Options for the latency estimates of <see cref="LoadBalancingStrategies.PeakEwma"/>.</summary>
public sealed class PeakEwmaOptions
{
    /// <summary>
    /// Gets or sets how fast an estimate forgets: in this time it falls to 1/e (37 %) of its value if no answer comes. An answer that comes
    /// this long after the one before weighs 63 %.
    /// </summary>
    /// <value>
    /// From 10 milliseconds to a day. The default value is 10 seconds, as in Finagle and linkerd. If it is shorter, an endpoint that was
    /// slow or failed is tried again sooner.
    /// </value>
    public TimeSpan DecayTime { get; set; } = PeakEwmaSettings.Default.DecayTime;

    /// <summary>
    /// Gets or sets the latency that an endpoint is taken to have until it has answered. It decays as well, so that an endpoint is tried
    /// even if all others are faster than this.
    /// </summary>
    /// <value>
    /// From 1 millisecond to a day. The default value is 30 milliseconds, as in linkerd. Choose about the usual latency of the service: if
    /// it is too low, a new endpoint gets many requests at once, and if it is too high, a new endpoint gets its first request late.
    /// </value>
    public TimeSpan DefaultLatency { get; set; } = PeakEwmaSettings.Default.DefaultLatency;

    /// <summary>
    /// Gets or sets the latency that a failed attempt counts as, at least. The time that a <c>Retry-After</c> header asks for counts in its
    /// place if it is longer, up to 5 minutes.
    /// </summary>
    /// <value>
    /// From 0 to a day. The default value is 5 seconds. With 0, a failure counts as long as it took, and an endpoint that fails at once
    /// looks fast and attracts requests.
    /// </value>
    /// <remarks>
    /// These attempts are failed: those whose <see cref="AttemptResult.Verdict"/> is <see cref="AttemptVerdict.Failure"/> or
    /// <see cref="AttemptVerdict.Refused"/>, all with a status of 500 or above or 429, and those with a gRPC status that means the same.
    /// </remarks>
    public TimeSpan FailurePenalty { get; set; } = PeakEwmaSettings.Default.FailurePenalty;

    /// <summary>Creates settings from these options.</summary>
    internal PeakEwmaSettings ToSettings() => new(DecayTime, DefaultLatency, FailurePenalty);
}
