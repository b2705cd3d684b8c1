using System.Diagnostics.CodeAnalysis;
using ClientSideLb.Simulator.NamedScenarios;

namespace ClientSideLb.Simulator;

/// <summary>The named scenarios of the library.</summary>
public static class ScenarioCatalog
{
    /// <summary>Gets all named scenarios.</summary>
    public static IReadOnlyList<NamedScenario> All { get; } =
    [
        new DistributionScenario(), new SlowBackendScenario(), new FastFailureScenario(), new OutageScenario(), new ZoneOutageScenario(), new LimitsScenario(),
        new RollingDeployScenario(), new RebalancingScenario(), new HotKeyScenario(), new OverloadScenario(), new RejectionScenario(), new FleetScenario(),
        new SubsetScenario(),
    ];

    /// <summary>Gets a scenario by its name.</summary>
    /// <param name="name">The name. Case does not matter.</param>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Whether there is a scenario of that name.</returns>
    public static bool TryGet(string name, [NotNullWhen(true)] out NamedScenario? scenario)
    {
        scenario = All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));
        return scenario is not null;
    }
}
