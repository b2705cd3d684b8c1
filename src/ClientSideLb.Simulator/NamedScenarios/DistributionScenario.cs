using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows with equal backends how evenly each strategy spreads requests, and how long requests wait.</summary>
internal sealed class DistributionScenario : TrafficScenario
{
    public override string Name => "distribution";

    public override string Summary => "Backends that are all alike: how evenly each strategy spreads requests, and what that means for waiting.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var duration = options.Duration ?? TimeSpan.FromMinutes(2);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 1, Queue = 100_000 };
        return CreateForStrategies(options, BuiltInStrategies.Names, balancer => new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = options.Seed ?? 1,
            Duration = duration,
            WarmUp = GetWarmUp(duration),
            Clients =
            [
                new ClientGroup
                {
                    Count = options.Clients ?? 1,
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.7, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        });
    }
}
