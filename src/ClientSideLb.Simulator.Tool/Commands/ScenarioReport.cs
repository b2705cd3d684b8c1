namespace ClientSideLb.Simulator.Tool;

/// <summary>The results of a scenario, with the summary that stands above them.</summary>
/// <param name="Result">The results.</param>
/// <param name="Summary">A sentence that says what the scenario shows, or <see langword="null"/> if its file has none.</param>
internal sealed record ScenarioReport(ScenarioResult Result, string? Summary);
