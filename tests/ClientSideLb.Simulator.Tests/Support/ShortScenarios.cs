using System.Collections.Concurrent;
using ClientSideLb.Simulator.Tool;

namespace ClientSideLb.Simulator.Tests.Support;

/// <summary>The named scenarios in so small a size that all of them can be run in a test.</summary>
internal static class ShortScenarios
{
    private static readonly ConcurrentDictionary<string, Lazy<ScenarioReport>> Reports = new();

    internal static string[] Names => [.. ScenarioCatalog.All.Select(static scenario => scenario.Name)];

    /// <summary>Gets the arguments of the command line for a scenario in that size.</summary>
    internal static string[] GetArguments(string name) => name switch
    {
        "rebalancing" => [name],
        "fleet" or "subset" => [name, "--backends", "20", "--clients", "20", "--duration", "3s"],
        "rejection" => [name, "--duration", "20s"],
        _ => [name, "--duration", "6s"],
    };

    /// <summary>Gets the report of a scenario. It is run once for all tests.</summary>
    internal static ScenarioReport GetReport(string name) => Reports.GetOrAdd(name, static name => new Lazy<ScenarioReport>(() => Run(name))).Value;

    private static ScenarioReport Run(string name) => NamedRun.Run(KnownScenarios.Get(name), GetOptions(name), progress: null, CancellationToken.None);

    private static ScenarioOptions GetOptions(string name) => name switch
    {
        "rebalancing" => new ScenarioOptions(),
        "fleet" or "subset" => new ScenarioOptions { Backends = 20, Clients = 20, Duration = TimeSpan.FromSeconds(3) },
        "rejection" => new ScenarioOptions { Duration = TimeSpan.FromSeconds(20) },
        _ => new ScenarioOptions { Duration = TimeSpan.FromSeconds(6) },
    };
}
