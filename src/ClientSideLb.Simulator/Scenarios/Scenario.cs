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

    /// <summary>Gets the time that a request and its answer together spend on the network if the client and the backend are in different zones.</summary>
    /// <value>
    /// From <see cref="RoundTrip"/> to 10 seconds. The default value is <see langword="null"/>: zones are as near as everything else. If either side is in
    /// no zone, <see cref="RoundTrip"/> applies.
    /// </value>
    public TimeSpan? CrossZoneRoundTrip { get; init; }

    /// <summary>Gets the groups of clients. They share the backends. In a file, a single group may stand without a list.</summary>
    /// <value>At least one group; the default value is one group with default values.</value>
    public IReadOnlyList<ClientGroup> Clients { get; init; } = [new ClientGroup()];

    /// <summary>Gets the groups of backends. Backends are numbered from 0 through all groups.</summary>
    /// <value>At least one group.</value>
    public IReadOnlyList<BackendGroup> Backends { get; init; } = [];

    /// <summary>Gets the changes that happen to backends, in any order.</summary>
    public IReadOnlyList<BackendChange> Changes { get; init; } = [];

    /// <summary>Gets the number of backends in all groups.</summary>
    internal int BackendCount => Backends.Sum(static group => group.Count);

    /// <summary>Gets the group of each backend.</summary>
    internal IEnumerable<BackendGroup> GroupOfEachBackend => Backends.SelectMany(static group => Enumerable.Repeat(group, group.Count));

    /// <summary>Gets the number of clients in all groups.</summary>
    internal int ClientCount => Clients.Sum(static group => group.Count);

    /// <summary>Gets the names of the strategies of the client groups.</summary>
    internal string Strategies => string.Join(", ", Clients.Select(static group => group.Balancer.Strategy).Distinct());

    /// <summary>Gets the zones of clients and backends, in the order in which they first appear.</summary>
    internal IReadOnlyList<string> Zones =>
        [.. Clients.Select(static group => group.Zone).Concat(Backends.Select(static group => group.Zone)).OfType<string>().Distinct()];
}
