using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows with equal backends how evenly each strategy spreads requests, and how long requests wait.</summary>
internal sealed class DistributionScenario : TrafficScenario
{
    public override string Name => "distribution";

    public override string Summary => "Backends that are all alike: how evenly each strategy spreads requests, and what that means for waiting.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10, Clients = 1, Load = 0.7, Duration = TimeSpan.FromMinutes(2), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 1, Queue = 100_000 };
        return CreateForStrategies(settings, BuiltInStrategies.Names, balancer => new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = settings.Seed,
            Duration = duration,
            WarmUp = GetWarmUp(duration),
            Clients =
            [
                new ClientGroup
                {
                    Count = settings.Clients,
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(settings.Load, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        });
    }
}
