using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows which strategies send fewer requests to a backend that is ten times slower than the others.</summary>
internal sealed class SlowBackendScenario : TrafficScenario
{
    public override string Name => "slow-backend";

    public override string Summary => "One backend is ten times slower than the others: which strategies notice, and who waits for it.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var runs = CreateForStrategies(options, BuiltInStrategies.Names, balancer => CreateScenario(options, balancer, ejection: false));
        if (options.Strategy is not null)
        {
            return runs;
        }

        // The first runs show the strategies alone. Outlier detection, which is on by default, is added in the last ones.
        return
        [
            .. runs,
            .. ((string[])[LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices]).Select(strategy =>
                new ScenarioRun($"{strategy}, ejection", CreateScenario(options, new LoadBalancingOptions { Strategy = strategy }, ejection: true))),
        ];
    }

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer, bool ejection)
    {
        balancer.OutlierDetection.Enabled = ejection;
        var duration = options.Duration ?? TimeSpan.FromMinutes(1);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 4, Queue = 200 };
        return new Scenario
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
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.5, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
            Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Slow, Speed = 0.1 }],
        };
    }
}
