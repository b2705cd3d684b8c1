namespace ClientSideLb.Simulator;

/// <summary>Describes a simulation: the clients, the backends, and the changes that happen to backends.</summary>
/// <remarks>Two runs of the same scenario with the same <see cref="Seed"/> have the same results on every machine.</remarks>
public sealed record Scenario
{
    /// <summary>Gets the name under which results are shown.</summary>
    /// <value>The default value is <c>scenario</c>.</value>
    public string Name { get; init; } = "scenario";

    /// <summary>Gets a sentence or two about the purpose of the scenario, or <see langword="null"/>.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the seed of all random numbers.</summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the simulated time, including <see cref="WarmUp"/>.</summary>
    /// <value>From 1 ms to 1 day; the default value is 1 minute.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the time at the start that is simulated but not measured, because queues are still filling.</summary>
    /// <value>From 0 to below <see cref="Duration"/>; the default value is 5 seconds.</value>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the time that a request and its answer together spend on the network.</summary>
    /// <value>From 0 to 10 seconds; the default value is 500 µs.</value>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMicroseconds(500);

    /// <summary>Gets the clients.</summary>
    public ClientGroup Clients { get; init; } = new();

    /// <summary>Gets the groups of backends. Backends are numbered from 0 through all groups.</summary>
    /// <value>At least one group.</value>
    public IReadOnlyList<BackendGroup> Backends { get; init; } = [];

    /// <summary>Gets the changes that happen to backends, in any order.</summary>
    public IReadOnlyList<BackendChange> Changes { get; init; } = [];

    /// <summary>Gets the number of backends in all groups.</summary>
    internal int BackendCount => Backends.Sum(static group => group.Count);
}
