using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows the load of the backends that own the most popular keys, when a few keys are most of the traffic.</summary>
internal sealed class HotKeyScenario : TrafficScenario
{
    public override string Name => "hot-key";

    public override string Summary => "A few keys are most of the traffic: what strategies that hash do to the backends that own them.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var duration = options.Duration ?? TimeSpan.FromMinutes(1);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 8, Queue = 200 };
        return CreateForStrategies(options, BuiltInStrategies.Names, balancer => new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = options.Seed ?? 1,
            Duration = duration,
            WarmUp = GetWarmUp(duration),
            Clients = new ClientGroup
            {
                Count = options.Clients ?? 1,
                Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.5, backends) },
                Keys = new KeyPopularity { Count = 100_000, Skew = 1.1 },
                Balancer = balancer,
            },
            Backends = [backends],
        });
    }
}
