namespace ClientSideLb.Simulator;

/// <summary>Backends that are all alike: how evenly requests spread, and what that means for waiting.</summary>
internal sealed class DistributionScenario : TrafficScenario
{
    public override string Name => "distribution";

    public override string Summary => "Backends that are all alike: how evenly each strategy spreads requests, and what that means for waiting.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var duration = options.Duration ?? TimeSpan.FromMinutes(2);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 1, Queue = 100_000 };
        return ForEachStrategy(options, ProductionStrategies.Names, balancer => new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = options.Seed ?? 1,
            Duration = duration,
            WarmUp = WarmUpOf(duration),
            Clients = new ClientGroup
            {
                Count = options.Clients ?? 1,
                Arrivals = new PoissonArrivals { Rate = RateFor(options.Load ?? 0.7, backends) },
                Balancer = balancer,
            },
            Backends = [backends],
        });
    }
}
