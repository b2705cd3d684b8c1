namespace ClientSideLb.Simulator;

/// <summary>Options that replace defaults of a named scenario. An option that is <see langword="null"/> leaves the default in place.</summary>
public sealed record ScenarioOptions
{
    /// <summary>Gets the name of the strategy, or <c>all</c> to compare the nine strategies of the library.</summary>
    public string? Strategy { get; init; }

    /// <summary>Gets the number of backends.</summary>
    /// <value>From 2 to 10,000; for the scenario <c>limits</c> from 1.</value>
    public int? Backends { get; init; }

    /// <summary>Gets the number of clients.</summary>
    /// <value>From 1 to 10,000.</value>
    public int? Clients { get; init; }

    /// <summary>Gets the rate of requests as a fraction of the rate that the backends can serve when all of them work. 0.8 is a busy service.</summary>
    /// <value>Above 0, up to 10.</value>
    public double? Load { get; init; }

    /// <summary>Gets the simulated time.</summary>
    /// <value>From 1 second to 1 day.</value>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets the seed of all random numbers.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the way in which the backends of an outage, or of an outage of a zone, fail.</summary>
    /// <value><see cref="ChangeKind.Refuse"/>, <see cref="ChangeKind.Hang"/> or <see cref="ChangeKind.Error"/>.</value>
    public ChangeKind? Fault { get; init; }
}
