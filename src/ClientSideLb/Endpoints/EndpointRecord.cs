namespace ClientSideLb.Endpoints;

/// <summary>
/// The state machines of one endpoint. Only the cluster's writer uses them; requests read the <see cref="EndpointState"/> that the writer
/// makes of them.
/// </summary>
internal sealed class EndpointRecord
{
    internal Ejection Ejection { get; } = new();

    internal ProbeRecord Probes { get; } = new();

    internal SlowStartRamp Ramp { get; } = new();

    /// <summary>Gets or sets why new requests are kept away, or <see langword="null"/> if they are not.</summary>
    internal string? DrainReason { get; set; }

    /// <summary>Gets or sets a value indicating whether the endpoint has answered a request or passed a probe.</summary>
    internal bool HasAnswered { get; set; }

    internal bool IsDraining => DrainReason is not null;

    internal EndpointHealth Health =>
        DrainReason is not null ? EndpointHealth.Draining :
        Probes.IsUnhealthy ? EndpointHealth.Unhealthy :
        Ejection.IsEjected ? EndpointHealth.Ejected :
        HasAnswered ? EndpointHealth.Healthy :
        EndpointHealth.Unknown;

    private string? HealthReason => DrainReason ?? Probes.UnhealthyReason ?? Ejection.Notice?.Reason;

    /// <summary>Tells whether a state is the one that <see cref="CreateState"/> would make.</summary>
    internal bool IsShownBy(EndpointState state, bool isAvailable) =>
        state.Health == Health
        && state.HealthReason == HealthReason
        && state.IsAvailable == isAvailable
        && state.IsEjected == Ejection.IsEjected
        && state.EjectedAt == Ejection.Began
        && state.HasAnswered == HasAnswered
        && state.SlowStartPercent == Ramp.Percent;

    /// <summary>Makes the state that requests see.</summary>
    internal EndpointState CreateState(bool isAvailable)
    {
        var health = Health;
        return new EndpointState(health, HealthReason, health == EndpointHealth.Ejected ? Ejection.Notice?.Until : null, isAvailable)
        {
            IsEjected = Ejection.IsEjected,
            EjectedAt = Ejection.Began,
            HasAnswered = HasAnswered,
            SlowStartPercent = Ramp.Percent,
        };
    }
}
