namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>
/// Shows what happens to requests over the quota of a backend. All backends together have more quota than is used, but at times one of them has too little.
/// </summary>
internal sealed class RejectionScenario : TrafficScenario
{
    private static readonly string[] Strategies =
    [
        LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.PeakEwma,
        LoadBalancingStrategies.LeastConnections, LoadBalancingStrategies.ConsistentHash,
    ];

    public override string Name => "rejection";

    public override string Summary => "Three backends with equal quotas, and 2.5 times as many requests as one of them accepts: who gets a 429.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        IReadOnlyList<ScenarioRun> runs =
        [
            .. CreateForStrategies(options, Strategies, balancer => CreateScenario(options, balancer, moves: false)),
            .. CreateForStrategies(options, Strategies, balancer => CreateScenario(options, balancer, moves: true))
                .Select(static run => run with { Label = $"{run.Label}, moved" }),
        ];
        if (options.Strategy is not null)
        {
            return runs;
        }

        // Quotas that refill within a second need a time in milliseconds. The last runs show why.
        return
        [
            .. runs,
            .. ((string[])[LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.ConsistentHash]).Select(strategy => new ScenarioRun(
                $"{strategy}, moved, seconds",
                CreateScenario(options, new LoadBalancingOptions { Strategy = strategy }, moves: true, inMilliseconds: false))),
        ];
    }

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer, bool moves, bool inMilliseconds = true)
    {
        const double LoadOfOne = 2.5;
        const int Backends = 3;

        balancer.Failover.MoveRejected = moves;
        var duration = options.Duration ?? TimeSpan.FromMinutes(2);

        // There are servers enough, so that only the quotas limit the requests. A bucket holds the tokens of a tenth of a second.
        var quota = new RateLimit { Rate = 100, Burst = 10, InMilliseconds = inMilliseconds };
        var backends = new BackendGroup
        {
            Count = options.Backends ?? Backends,
            Concurrency = 1000,
            Service = new LognormalTime { Mean = TimeSpan.FromMilliseconds(500), Sigma = 0.5 },
            RateLimit = quota,
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
                    Count = options.Clients ?? 4,
                    Arrivals = new PoissonArrivals { Rate = (options.Load ?? LoadOfOne / Backends) * backends.Count * quota.Rate },
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
