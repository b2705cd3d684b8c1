namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows how probes, ejection and failover help when a fifth of the backends goes offline and comes back.</summary>
internal sealed class OutageScenario : TrafficScenario
{
    public override string Name => "outage";

    public override string Summary => "A fifth of the backends goes offline and comes back: what probes, ejection and failover each do about it.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10, Clients = 4, Load = 0.4, Duration = TimeSpan.FromMinutes(2), Seed = 1, Fault = ChangeKind.Refuse };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        if (settings.Strategy is not null)
        {
            return CreateForStrategies(settings, [], balancer => CreateScenario(settings, Configure(balancer, probes: true, ejection: true, failover: true)));
        }

        return
        [
            CreateRun("nothing", probes: false, ejection: false, failover: false),
            CreateRun("probes", probes: true, ejection: false, failover: false),
            CreateRun("ejection", probes: false, ejection: true, failover: false),
            CreateRun("failover", probes: false, ejection: false, failover: true),
            CreateRun("ejection, failover", probes: false, ejection: true, failover: true),
            CreateRun("all three", probes: true, ejection: true, failover: true),

            // To judge the default strategy alone, compare it with one that looks at nothing and one that looks at latency too.
            CreateRun("RoundRobin, nothing", probes: false, ejection: false, failover: false, LoadBalancingStrategies.RoundRobin),
            CreateRun("PeakEwma, nothing", probes: false, ejection: false, failover: false, LoadBalancingStrategies.PeakEwma),
            CreateRun("PeakEwma, all three", probes: true, ejection: true, failover: true, LoadBalancingStrategies.PeakEwma),
        ];

        ScenarioRun CreateRun(string label, bool probes, bool ejection, bool failover, string strategy = LoadBalancingStrategies.PowerOfTwoChoices) =>
            new(label, CreateScenario(settings, Configure(new LoadBalancingOptions { Strategy = strategy }, probes, ejection, failover)));
    }

    private static LoadBalancingOptions Configure(LoadBalancingOptions balancer, bool probes, bool ejection, bool failover)
    {
        balancer.ActiveHealthCheck.Enabled = probes;
        balancer.OutlierDetection.Enabled = ejection;
        balancer.Failover.Enabled = failover;

        // Without an attempt timeout, a request at a backend that hangs would wait until its caller gives up, and could not move.
        balancer.Failover.AttemptTimeout = TimeSpan.FromSeconds(1);
        return balancer;
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer)
    {
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 8, Queue = 200, Start = TimeSpan.FromSeconds(1) };
        var duration = settings.Duration;
        var dying = Math.Max(1, backends.Count / 5);
        var list = dying == 1 ? "0" : $"0-{dying - 1}";
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
                    Timeout = TimeSpan.FromSeconds(5),
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
            Changes =
            [
                new BackendChange { At = duration / 4, Backends = list, Change = settings.Fault },
                new BackendChange { At = duration * 0.6, Backends = list, Change = ChangeKind.Recover },
            ],
        };
    }
}
