namespace ClientSideLb.Simulator.Tool;

/// <summary>What the tool tells of a scenario.</summary>
/// <param name="Result">What came out.</param>
/// <param name="Summary">What it was to show, if that is known.</param>
internal sealed record ScenarioReport(ScenarioResult Result, string? Summary);
