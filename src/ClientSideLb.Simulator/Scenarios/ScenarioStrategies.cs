using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator;

/// <summary>The strategies that a scenario can be run with.</summary>
public static class ScenarioStrategies
{
    private const string All = "all";

    /// <summary>Gets the strategies that a name stands for.</summary>
    /// <param name="name">The name of one of the nine strategies of the library, or <c>all</c> for all of them. Case does not matter.</param>
    /// <returns>The names of the strategies.</returns>
    /// <exception cref="ScenarioException">The library has no strategy of that name.</exception>
    public static IReadOnlyList<string> Of(string name) =>
        string.Equals(name, All, StringComparison.OrdinalIgnoreCase) ? BuiltInStrategies.Names :
        BuiltInStrategies.Names.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is { } strategy ? [strategy] :
        throw new ScenarioException($"The strategy is '{name}'; expected one of {string.Join(", ", BuiltInStrategies.Names)}, or '{All}'.");
}
