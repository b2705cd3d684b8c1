namespace ClientSideLb.Simulator;

/// <summary>What is simulated: who sends what, who serves it, and what happens meanwhile.</summary>
/// <remarks>Two runs of the same scenario with the same <see cref="Seed"/> have the same result, on every machine.</remarks>
public sealed record Scenario
{
    /// <summary>Gets the name, under which results are shown.</summary>
    public string Name { get; init; } = "scenario";

    /// <summary>Gets what the scenario is to show, in a sentence or two.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the seed of all that is random.</summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Gets how long is simulated, <see cref="WarmUp"/> included.</summary>
    /// <value>Above 0; the default value is a minute.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the time at the beginning that is simulated and not measured, while queues fill.</summary>
    /// <value>From 0 to below <see cref="Duration"/>; the default value is 5 seconds.</value>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the time that every answer spends on the network, there and back.</summary>
    /// <value>At least 0; the default value is 500 µs.</value>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMicroseconds(500);

    /// <summary>Gets the clients.</summary>
    public ClientGroup Clients { get; init; } = new();

    /// <summary>Gets the backends. They are numbered from 0 on, through all groups.</summary>
    public IReadOnlyList<BackendGroup> Backends { get; init; } = [];

    /// <summary>Gets what happens to backends.</summary>
    public IReadOnlyList<BackendChange> Changes { get; init; } = [];

    /// <summary>Gets how many backends there are in all groups.</summary>
    internal int BackendCount => Backends.Sum(static group => group.Count);
}
