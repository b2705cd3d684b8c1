namespace ClientSideLb.Simulator.Scenarios;

/// <summary>A fault of a scenario.</summary>
/// <param name="Path">The place of the fault in a scenario's file: <c>backends[0].count</c>.</param>
/// <param name="What">The value, and the expected one.</param>
internal readonly record struct ScenarioFault(string Path, string What)
{
    public override string ToString() => $"{Path} {What}";
}
