using System.Diagnostics.CodeAnalysis;

namespace ClientSideLb.Simulator;

/// <summary>The scenarios that have a name.</summary>
public static class ScenarioCatalog
{
    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<NamedScenario> All { get; } =
    [
        new DistributionScenario(), new SlowBackendScenario(), new OutageScenario(), new RollingDeployScenario(),
        new RebalancingScenario(), new HotKeyScenario(), new OverloadScenario(), new FleetScenario(),
    ];

    /// <summary>Finds one.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGet(string name, [NotNullWhen(true)] out NamedScenario? scenario)
    {
        scenario = All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));
        return scenario is not null;
    }
}
