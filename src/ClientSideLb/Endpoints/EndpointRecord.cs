namespace ClientSideLb.Endpoints;

/// <summary>
/// The state machines of one endpoint. Only the cluster's writer uses them. Requests read the <see cref="EndpointState"/> that the writer
/// creates from them.
/// </summary>
internal sealed class EndpointRecord
{
    internal Ejection Ejection { get; } = new();

    internal ProbeRecord Probes { get; } = new();

    internal SlowStartRamp Ramp { get; } = new();

    internal SilenceWatch Silence { get; } = new();

    /// <summary>Gets or sets the reason why the endpoint gets no new requests, or <see langword="null"/> if it gets them.</summary>
    internal string? DrainReason { get; set; }

    /// <summary>Gets or sets a value indicating whether the endpoint has answered a request or passed a probe.</summary>
    internal bool HasAnswered { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether the endpoint fails like all others, and is not ejected only because it is the last available one.
    /// </summary>
    internal bool IsSuspect { get; set; }

    internal bool IsDraining => DrainReason is not null;

    internal EndpointHealth Health =>
        DrainReason is not null ? EndpointHealth.Draining :
        Probes.IsUnhealthy ? EndpointHealth.Unhealthy :
        Ejection.IsEjected ? EndpointHealth.Ejected :
        HasAnswered ? EndpointHealth.Healthy :
        EndpointHealth.Unknown;

    private string? HealthReason => DrainReason ?? Probes.UnhealthyReason ?? Ejection.Notice?.Reason;

    /// <summary>Tells whether a state has the same content as the one that <see cref="CreateState"/> would create.</summary>
    internal bool Matches(EndpointState state, bool isAvailable) =>
        state.Health == Health
        && state.HealthReason == HealthReason
        && state.IsAvailable == isAvailable
        && state.NeedsSuccess == (Ejection.IsEjected || IsSuspect)
        && state.EjectedAt == Ejection.Began
        && state.HasAnswered == HasAnswered
        && state.SlowStartPercent == Ramp.Percent;

    /// <summary>Creates the state that requests read.</summary>
    internal EndpointState CreateState(bool isAvailable)
    {
        var health = Health;
        return new EndpointState(health, HealthReason, health == EndpointHealth.Ejected ? Ejection.Notice?.Until : null, isAvailable)
        {
            NeedsSuccess = Ejection.IsEjected || IsSuspect,
            EjectedAt = Ejection.Began,
            HasAnswered = HasAnswered,
            SlowStartPercent = Ramp.Percent,
        };
    }
}
