namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>
/// Shows what happens to requests over the quota of a backend. All backends together have more quota than is used, but at times one of them has too little.
/// </summary>
internal sealed class RejectionScenario : TrafficScenario
{
    private const double LoadOfOne = 2.5;
    private const int Quotas = 3;

    private static readonly string[] Strategies =
    [
        LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma,
        LoadBalancingStrategies.LeastConnections, LoadBalancingStrategies.ConsistentHash,
    ];

    public override string Name => "rejection";

    public override string Summary => "Three backends with equal quotas, which are nearly used up: who gets a 429.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = Quotas, Clients = 4, Load = LoadOfOne / Quotas, Duration = TimeSpan.FromMinutes(2), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        IReadOnlyList<ScenarioRun> runs =
        [
            .. CreateForStrategies(settings, Strategies, balancer => CreateScenario(settings, balancer, moves: false)),
            .. CreateForStrategies(settings, Strategies, balancer => CreateScenario(settings, balancer, moves: true))
                .Select(static run => run with { Label = $"{run.Label}, moved" }),
        ];
        if (settings.Strategy is not null)
        {
            return runs;
        }

        // Quotas that refill within a second need a time in milliseconds. The last runs show why.
        return
        [
            .. runs,
            .. ((string[])[LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.ConsistentHash]).Select(strategy => new ScenarioRun(
                $"{strategy}, moved, seconds",
                CreateScenario(settings, new LoadBalancingOptions { Strategy = strategy }, moves: true, inMilliseconds: false))),
        ];
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer, bool moves, bool inMilliseconds = true)
    {
        balancer.Failover.MoveRejected = moves;
        var duration = settings.Duration;

        // There are servers enough, so that only the quotas limit the requests. A bucket holds the tokens of a tenth of a second.
        var quota = new RateLimit { Rate = 100, Burst = 10, InMilliseconds = inMilliseconds };
        var backends = new BackendGroup
        {
            Count = settings.Backends,
            Concurrency = 1000,
            Service = new LognormalTime { Mean = TimeSpan.FromMilliseconds(500), Sigma = 0.5 },
            RateLimit = quota,
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
                    Arrivals = new PoissonArrivals { Rate = settings.Load * backends.Count * quota.Rate },
                    Keys = new KeyPopularity { Count = 1000, Skew = 0.9 },
                    Timeout = TimeSpan.FromSeconds(30),
                    Idempotent = false,
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
