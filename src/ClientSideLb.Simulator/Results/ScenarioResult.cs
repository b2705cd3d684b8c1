namespace ClientSideLb.Simulator;

/// <summary>The results of a scenario.</summary>
/// <param name="Name">The name of the scenario.</param>
/// <param name="Runs">The results of its runs.</param>
/// <param name="KeyMoves">The keys that moved, for the scenario that measures this; empty for others.</param>
public sealed record ScenarioResult(string Name, IReadOnlyList<RunResult> Runs, IReadOnlyList<KeyMoveResult> KeyMoves);
