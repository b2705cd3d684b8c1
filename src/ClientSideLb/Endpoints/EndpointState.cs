using ClientSideLb.Endpoints;

namespace ClientSideLb;

/// <summary>
/// The health of an endpoint at one moment, as this client sees it. A state is immutable and is replaced as a whole, so its members never
/// contradict each other.
/// </summary>
public sealed class EndpointState
{
    internal EndpointState(EndpointHealth health, string? healthReason, DateTimeOffset? ejectedUntil, bool isAvailable)
    {
        Health = health;
        HealthReason = healthReason;
        EjectedUntil = ejectedUntil;
        IsAvailable = isAvailable;
    }

    /// <summary>
    /// Gets the endpoint's health. If several values apply, it is the strongest one: Draining, then Unhealthy, Ejected, Unknown and Healthy.
    /// </summary>
    public EndpointHealth Health { get; }

    /// <summary>
    /// Gets the reason why the endpoint is draining, unhealthy or ejected, as a text for people, such as "5 requests in a row failed".
    /// It is <see langword="null"/> if the endpoint is healthy or its health is unknown. The text may change between versions.
    /// </summary>
    public string? HealthReason { get; }

    /// <summary>
    /// Gets the time at which the ejection time ends, so that a trial request may bring the endpoint back, or at which an endpoint that rejected a
    /// request has room again (<see cref="FailoverOptions.MoveRejected"/>). It is <see langword="null"/> if the <see cref="Health"/> is not <see cref="EndpointHealth.Ejected"/>.
    /// </summary>
    public DateTimeOffset? EjectedUntil { get; }

    /// <summary>Gets a value indicating whether the endpoint is among those that share the traffic.</summary>
    public bool IsAvailable { get; }

    /// <summary>
    /// Gets a value indicating whether the endpoint has rejected a request because it had no room (429), and said when it has room again. Until then it gets
    /// no request (<see cref="FailoverOptions.MoveRejected"/>).
    /// </summary>
    public bool IsRejecting => RejectsUntil != long.MaxValue;

    /// <summary>
    /// Gets a value indicating whether the endpoint gets no new request at all, not even in panic: it is drained, or it has rejected a request and said
    /// when it has room again.
    /// </summary>
    internal bool IsBarred => Health == EndpointHealth.Draining || IsRejecting;

    /// <summary>
    /// Gets the timestamp at which an endpoint that has rejected a request takes requests again. It is <see cref="long.MaxValue"/> if it has not.
    /// </summary>
    internal long RejectsUntil { get; init; } = long.MaxValue;

    /// <summary>Gets a value indicating whether the next success changes the state: the endpoint is ejected, or fails like all others.</summary>
    internal bool NeedsSuccess { get; init; }

    /// <summary>Gets the timestamp at which the latest ejection began. The results of requests that were sent before it do not count.</summary>
    internal long EjectedAt { get; init; }

    /// <summary>Gets a value indicating whether the endpoint has answered a request or passed a probe.</summary>
    internal bool HasAnswered { get; init; }

    /// <summary>Gets the per cent of its weight that counts now: below 100 while the endpoint is in slow start.</summary>
    internal int SlowStartPercent { get; init; } = SlowStartRamp.FullPercent;
}
