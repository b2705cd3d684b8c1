using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows which strategies send fewer requests to a backend that is ten times slower than the others.</summary>
internal sealed class SlowBackendScenario : TrafficScenario
{
    public override string Name => "slow-backend";

    public override string Summary => "One backend is ten times slower than the others: which strategies notice, and who waits for it.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10, Clients = 1, Load = 0.5, Duration = TimeSpan.FromMinutes(1), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        var runs = CreateForStrategies(settings, BuiltInStrategies.Names, balancer => CreateScenario(settings, balancer, ejection: false));
        if (settings.Strategy is not null)
        {
            return runs;
        }

        // The first runs show the strategies alone. Outlier detection, which is on by default, is added in the last ones.
        return
        [
            .. runs,
            .. ((string[])[LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices]).Select(strategy =>
                new ScenarioRun($"{strategy}, ejection", CreateScenario(settings, new LoadBalancingOptions { Strategy = strategy }, ejection: true))),
        ];
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer, bool ejection)
    {
        balancer.OutlierDetection.Enabled = ejection;
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 4, Queue = 200 };
        return new Scenario
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
            Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Slow, Speed = 0.1 }],
        };
    }
}
