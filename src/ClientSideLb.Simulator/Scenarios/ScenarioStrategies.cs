namespace ClientSideLb.Simulator;

/// <summary>The strategies that a scenario may be run with.</summary>
public static class ScenarioStrategies
{
    private const string All = "all";

    /// <summary>Finds the strategies that a name stands for.</summary>
    /// <param name="name">The name of one of the seven that come with the library, or <c>all</c>; case does not matter.</param>
    /// <returns>Their names.</returns>
    /// <exception cref="ScenarioException">There is none of that name.</exception>
    public static IReadOnlyList<string> Of(string name) =>
        string.Equals(name, All, StringComparison.OrdinalIgnoreCase) ? ProductionStrategies.Names :
        ProductionStrategies.Names.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is { } strategy ? [strategy] :
        throw new ScenarioException($"The strategy is '{name}'; expected one of {string.Join(", ", ProductionStrategies.Names)}, or '{All}'.");
}
