namespace ClientSideLb.Simulator.Tool;

/// <summary>The results of a scenario, with what is needed to understand and to repeat them.</summary>
/// <param name="Result">The results.</param>
/// <param name="Summary">A sentence that says what the scenario shows, or <see langword="null"/> if its file has none.</param>
/// <param name="Setup">What was run.</param>
/// <param name="Hint">What to read in the results.</param>
internal sealed record ScenarioReport(ScenarioResult Result, string? Summary, RunSetup Setup, ReadingHint Hint);
