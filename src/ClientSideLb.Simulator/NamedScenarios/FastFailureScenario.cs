using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows which strategies send fewer requests to a backend that fails at once, and so hardly ever has a request in flight.</summary>
internal sealed class FastFailureScenario : TrafficScenario
{
    private const int InternalServerError = 500;

    public override string Name => "fast-failure";

    public override string Summary => "One backend of three answers 500 at once, the others 200 after 20 ms: which strategies take it for idle.";

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
        var backends = new BackendGroup
        {
            Count = options.Backends ?? 3,
            Concurrency = 8,
            Queue = 200,
            Service = new ConstantTime { Mean = TimeSpan.FromMilliseconds(20) },
        };
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
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.4, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
            Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Error, Status = InternalServerError }],
        };
    }
}
