namespace ClientSideLb.Simulator;

/// <summary>What came out of a scenario.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="Runs">What came out of each run.</param>
/// <param name="KeyMoves">What changes of membership moved, for the scenario that is about that.</param>
public sealed record ScenarioResult(string Name, IReadOnlyList<RunResult> Runs, IReadOnlyList<KeyMoveResult> KeyMoves);
