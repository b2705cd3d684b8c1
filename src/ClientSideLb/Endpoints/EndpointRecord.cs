namespace ClientSideLb.Endpoints;

/// <summary>
/// The state machines of one endpoint. Only the cluster's writer uses them. Requests read the <see cref="EndpointState"/> that the writer
/// creates from them.
/// </summary>
internal sealed class EndpointRecord
{
    internal Ejection Ejection { get; } = new();

    internal Rejection Rejection { get; } = new();

    internal ProbeRecord Probes { get; } = new();

    internal SlowStartRamp Ramp { get; } = new();

    internal SilenceWatch Silence { get; } = new();

    /// <summary>Gets or sets the reason why the endpoint gets no new requests, or <see langword="null"/> if it gets them.</summary>
    internal string? DrainReason { get; set; }

    /// <summary>Gets or sets a value indicating whether the endpoint has answered a request or passed a probe.</summary>
    internal bool HasAnswered { get; set; }

    /// <summary>Gets or sets a value indicating whether the client uses the endpoint. It is not used if the client has a subset without it.</summary>
    internal bool IsUsed { get; set; } = true;

    /// <summary>
    /// Gets or sets a value indicating whether the endpoint fails like all others, and is not ejected only because it is the last available one.
    /// </summary>
    internal bool IsSuspect { get; set; }

    internal bool IsDraining => DrainReason is not null;

    /// <summary>Gets a value indicating whether the endpoint gets no new request at all, not even in panic.</summary>
    internal bool IsBarred => IsDraining || Rejection.IsActive;

    internal EndpointHealth Health =>
        DrainReason is not null ? EndpointHealth.Draining :
        Probes.IsUnhealthy ? EndpointHealth.Unhealthy :
        Ejection.IsEjected || Rejection.IsActive ? EndpointHealth.Ejected :
        HasAnswered ? EndpointHealth.Healthy :
        EndpointHealth.Unknown;

    /// <summary>Gets a value indicating whether the endpoint is known to take no requests now.</summary>
    internal bool IsOut => Health is not (EndpointHealth.Healthy or EndpointHealth.Unknown);

    /// <summary>Gets a value indicating whether the endpoint is out for no other reason than that it rejected a request.</summary>
    internal bool IsOnlyRejecting => Rejection.IsActive && Health == EndpointHealth.Ejected && !Ejection.IsEjected;

    private string? HealthReason => DrainReason ?? Probes.UnhealthyReason ?? Notice?.Reason;

    // If both apply, the endpoint is out until the later end.
    private EjectionNotice? Notice =>
        Ejection.Notice is { } ejection && !(Rejection.Notice?.Until > ejection.Until) ? ejection : Rejection.Notice;

    /// <summary>Tells whether a state has the same content as the one that <see cref="CreateState"/> would create.</summary>
    internal bool Matches(EndpointState state, bool isAvailable) =>
        state.Health == Health
        && state.HealthReason == HealthReason
        && state.IsAvailable == isAvailable
        && state.NeedsSuccess == (Ejection.IsEjected || IsSuspect)
        && state.EjectedAt == Ejection.Began
        && state.RejectsUntil == Rejection.Until
        && state.HasAnswered == HasAnswered
        && state.SlowStartPercent == Ramp.Percent;

    /// <summary>Creates the state that requests read.</summary>
    internal EndpointState CreateState(bool isAvailable)
    {
        var health = Health;
        return new EndpointState(health, HealthReason, health == EndpointHealth.Ejected ? Notice?.Until : null, isAvailable)
        {
            NeedsSuccess = Ejection.IsEjected || IsSuspect,
            EjectedAt = Ejection.Began,
            RejectsUntil = Rejection.Until,
            HasAnswered = HasAnswered,
            SlowStartPercent = Ramp.Percent,
        };
    }
}
