namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>The options of a run, with the defaults of its scenario in place of those that are not given.</summary>
internal sealed record ScenarioSettings(string? Strategy, int Backends, int Clients, double Load, TimeSpan Duration, int Seed, ChangeKind Fault)
{
    internal static ScenarioSettings Of(ScenarioOptions options, ScenarioOptions defaults) => new(
        options.Strategy,
        (options.Backends ?? defaults.Backends)!.Value,
        (options.Clients ?? defaults.Clients)!.Value,
        (options.Load ?? defaults.Load)!.Value,
        (options.Duration ?? defaults.Duration)!.Value,
        (options.Seed ?? defaults.Seed)!.Value,
        options.Fault ?? defaults.Fault ?? ChangeKind.Refuse);
}
