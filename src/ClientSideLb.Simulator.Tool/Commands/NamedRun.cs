using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Runs a named scenario.</summary>
internal static class NamedRun
{
    internal static ScenarioReport Run(NamedScenario scenario, ScenarioOptions options, IProgress<SimulationProgress>? progress, CancellationToken cancellationToken)
    {
        var result = scenario.Run(options, progress, cancellationToken);
        return new ScenarioReport(result, scenario.Summary, CreateSetup(scenario, options), ReadingHints.Of(scenario.Name, result));
    }

    private static RunSetup CreateSetup(NamedScenario scenario, ScenarioOptions given)
    {
        var defaults = scenario.Defaults;

        // With the defaults spelled out, the command gives the same results where a later version has others.
        var all = given with
        {
            Backends = given.Backends ?? defaults.Backends,
            Clients = given.Clients ?? defaults.Clients,
            Load = given.Load ?? defaults.Load,
            Duration = given.Duration ?? defaults.Duration,
            Seed = given.Seed ?? defaults.Seed,
            Fault = given.Fault ?? defaults.Fault,
        };

        // A scenario may round the numbers, so that its parts are equal.
        var first = scenario is TrafficScenario traffic ? traffic.CreateRuns(given)[0].Scenario : null;
        return new RunSetup
        {
            Command = CommandText.Of(
                [scenario.Name],
                ("--strategy", all.Strategy),
                ("--backends", Format(all.Backends)),
                ("--clients", Format(all.Clients)),
                ("--load", all.Load?.ToString("R", CultureInfo.InvariantCulture)),
                ("--fault", all.Fault?.ToString().ToLowerInvariant()),
                ("--duration", all.Duration is { } time ? TimeText.Format(time) : null),
                ("--seed", Format(all.Seed))),
            Strategy = all.Strategy,
            Backends = first?.Backends.Sum(static group => group.Count) ?? all.Backends!.Value,
            Clients = first?.Clients.Sum(static group => group.Count),
            Load = all.Load,
            Fault = all.Fault,
            Duration = first?.Duration,
            WarmUp = first?.WarmUp,
            Seed = first?.Seed,
        };
    }

    private static string? Format(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
