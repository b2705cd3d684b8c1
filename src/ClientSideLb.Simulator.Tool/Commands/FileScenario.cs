using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Runs a scenario from a file, with the file's own strategies, another one, or all of them.</summary>
internal static class FileScenario
{
    internal static ScenarioReport Run(
        string path, string? strategy, int? seed, IProgress<SimulationProgress>? progress, CancellationToken cancellationToken)
    {
        var first = Read(path, strategy: null, seed);
        IReadOnlyList<ScenarioRun> runs = strategy is null
            ? [new ScenarioRun(string.Join(", ", first.Clients.Select(static group => group.Balancer.Strategy).Distinct()), first)]
            : [.. ScenarioStrategies.Of(strategy).Select(name => new ScenarioRun(name, Read(path, name, seed)))];
        var result = new ScenarioResult(first.Name, ScenarioRunner.Run(runs, progress, cancellationToken), []);
        return new ScenarioReport(result, first.Description, CreateSetup(path, strategy, first), ReadingHints.OfFile(result));
    }

    // Runs must not share options, so the file is read once for each run.
    private static Scenario Read(string path, string? strategy, int? seed)
    {
        var scenario = ScenarioFile.Read(path);
        foreach (var group in scenario.Clients)
        {
            group.Balancer.Strategy = strategy ?? group.Balancer.Strategy;
        }

        return seed is null ? scenario : scenario with { Seed = seed.Value };
    }

    private static RunSetup CreateSetup(string path, string? strategy, Scenario scenario) => new()
    {
        Command = CommandText.Of(["run", path], ("--strategy", strategy), ("--seed", scenario.Seed.ToString(CultureInfo.InvariantCulture))),
        File = path,
        Strategy = strategy,
        Backends = scenario.Backends.Sum(static group => group.Count),
        Clients = scenario.Clients.Sum(static group => group.Count),
        Arrivals = DescribeArrivals(scenario.Clients),
        Duration = scenario.Duration,
        WarmUp = scenario.WarmUp,
        Seed = scenario.Seed,
    };

    private static string DescribeArrivals(IReadOnlyList<ClientGroup> groups)
    {
        var rate = groups.Sum(static group => (group.Arrivals as PoissonArrivals)?.Rate ?? 0);
        return string.Join(
            " and ",
            (string[])[.. rate > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{rate:#,0.##} requests/s")] : (string[])[], .. groups.Select(Describe).OfType<string>()]);
    }

    private static string? Describe(ClientGroup group) => group.Arrivals switch
    {
        BurstArrivals bursts => string.Create(CultureInfo.InvariantCulture, $"{bursts.Rate:#,0.##} requests/s with bursts of {bursts.Factor:0.##} times that"),
        ClosedLoopArrivals loop => string.Create(CultureInfo.InvariantCulture, $"{loop.Workers:N0} workers for each client"),
        _ => null,
    };
}
