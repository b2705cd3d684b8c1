namespace ClientSideLb.Simulator;

/// <summary>What of a named scenario's defaults is to be otherwise. What is not set stays as the scenario has it.</summary>
public sealed record ScenarioOptions
{
    /// <summary>Gets the strategy to run with, or <c>all</c> to compare the seven that come with the library.</summary>
    public string? Strategy { get; init; }

    /// <summary>Gets how many backends there are.</summary>
    public int? Backends { get; init; }

    /// <summary>Gets how many clients there are.</summary>
    public int? Clients { get; init; }

    /// <summary>Gets the requests offered, as a part of what the backends can serve when all are well; 0.8 is a busy service.</summary>
    public double? Load { get; init; }

    /// <summary>Gets how long is simulated.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets the seed of all that is random.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets how the backends of an outage fail: <see cref="ChangeKind.Refuse"/>, <see cref="ChangeKind.Hang"/> or <see cref="ChangeKind.Error"/>.</summary>
    public ChangeKind? Fault { get; init; }
}
