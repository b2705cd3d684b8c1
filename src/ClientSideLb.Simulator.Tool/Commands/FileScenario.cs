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
        return new ScenarioReport(new ScenarioResult(first.Name, ScenarioRunner.Run(runs, progress, cancellationToken), []), first.Description);
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
}
