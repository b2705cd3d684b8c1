namespace ClientSideLb.Simulator.Tool;

/// <summary>The results of a scenario, with the data needed to understand and to repeat them.</summary>
/// <param name="Result">The results.</param>
/// <param name="Summary">A sentence that says what the scenario shows, or <see langword="null"/> if its file has none.</param>
/// <param name="Setup">The setup of the run.</param>
/// <param name="Hint">The hint for reading the results.</param>
internal sealed record ScenarioReport(ScenarioResult Result, string? Summary, RunSetup Setup, ReadingHint Hint);
