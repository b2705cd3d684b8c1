namespace ClientSideLb.Simulator;

/// <summary>Something that is wrong in a scenario.</summary>
/// <param name="Path">Where, as a scenario's file names it: <c>backends[0].count</c>.</param>
/// <param name="What">What is wrong, and what is expected.</param>
internal readonly record struct ScenarioFault(string Path, string What)
{
    public override string ToString() => $"{Path} {What}";
}
