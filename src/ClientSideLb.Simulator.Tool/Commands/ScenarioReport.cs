namespace ClientSideLb.Simulator.Tool;

/// <summary>The results of a scenario, with its summary for the title of the table.</summary>
/// <param name="Result">The results.</param>
/// <param name="Summary">The summary of the scenario, or <see langword="null"/> if it has none.</param>
internal sealed record ScenarioReport(ScenarioResult Result, string? Summary);
