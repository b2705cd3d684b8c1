using ClientSideLb.Endpoints;

namespace ClientSideLb;

/// <summary>What is known of an endpoint's health at one moment: immutable and replaced as a whole, so that its members never contradict each other.</summary>
public sealed class EndpointState
{
    internal EndpointState(EndpointHealth health, string? healthReason, DateTimeOffset? ejectedUntil, bool isAvailable)
    {
        Health = health;
        HealthReason = healthReason;
        EjectedUntil = ejectedUntil;
        IsAvailable = isAvailable;
    }

    /// <summary>Gets what is known of the endpoint's health: the strongest of Draining, Unhealthy, Ejected, Unknown and Healthy.</summary>
    public EndpointHealth Health { get; }

    /// <summary>
    /// Gets why the endpoint is draining, unhealthy or ejected, in words for people, such as "5 requests in a row failed";
    /// <see langword="null"/> if its <see cref="Health"/> is another. The words may change from version to version.
    /// </summary>
    public string? HealthReason { get; }

    /// <summary>
    /// Gets when the ejection has lasted its time, so that a trial request may bring the endpoint back, or <see langword="null"/>
    /// if its <see cref="Health"/> is not <see cref="EndpointHealth.Ejected"/>.
    /// </summary>
    public DateTimeOffset? EjectedUntil { get; }

    /// <summary>Gets a value indicating whether the endpoint is among those that share the traffic.</summary>
    public bool IsAvailable { get; }

    /// <summary>Gets a value indicating whether new requests are kept away.</summary>
    internal bool IsDraining => Health == EndpointHealth.Draining;

    /// <summary>Gets a value indicating whether the endpoint is ejected, even if <see cref="Health"/> shows something stronger.</summary>
    internal bool IsEjected { get; init; }

    /// <summary>Gets the timestamp at which the latest ejection began. Results of requests that were sent before it do not count.</summary>
    internal long EjectedAt { get; init; }

    /// <summary>Gets a value indicating whether the endpoint has answered a request or passed a probe.</summary>
    internal bool HasAnswered { get; init; }

    /// <summary>Gets how much of its weight the endpoint gets while it is in slow start, in per cent.</summary>
    internal int SlowStartPercent { get; init; } = SlowStartRamp.FullPercent;
}
