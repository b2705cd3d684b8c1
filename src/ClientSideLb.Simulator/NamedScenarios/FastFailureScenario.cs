using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows which strategies send fewer requests to a backend that fails at once, and so hardly ever has a request in flight.</summary>
internal sealed class FastFailureScenario : TrafficScenario
{
    private const int InternalServerError = 500;

    public override string Name => "fast-failure";

    public override string Summary => "One backend of three answers 500 at once, others take 20 ms: which strategies take it for idle.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 3, Clients = 1, Load = 0.4, Duration = TimeSpan.FromMinutes(1), Seed = 1 };

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
        var backends = new BackendGroup
        {
            Count = settings.Backends,
            Concurrency = 8,
            Queue = 200,
            Service = new ConstantTime { Mean = TimeSpan.FromMilliseconds(20) },
        };
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
            Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Error, Status = InternalServerError }],
        };
    }
}
