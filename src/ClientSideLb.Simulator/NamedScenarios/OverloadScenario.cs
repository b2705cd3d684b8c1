namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>
/// Sends more requests than the backends can serve, in bursts. Attempts that time out are repeated, which adds to the load; a retry budget
/// limits that.
/// </summary>
internal sealed class OverloadScenario : TrafficScenario
{
    public override string Name => "overload";

    public override string Summary => "More requests than can be served, in bursts: what retries add to that, how their budget keeps it small, and what an adaptive limit does.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10, Clients = 4, Load = 0.7, Duration = TimeSpan.FromMinutes(2), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        if (settings.Strategy is not null)
        {
            return CreateForStrategies(settings, [], balancer => CreateScenario(settings, balancer));
        }

        var without = new LoadBalancingOptions();
        without.Failover.Enabled = false;
        var unlimited = new LoadBalancingOptions();
        unlimited.Failover.RetryBudget = 100;
        var limited = new LoadBalancingOptions();
        limited.Concurrency.Adaptive = true;
        var queued = new LoadBalancingOptions();
        queued.Concurrency.Adaptive = true;
        queued.Concurrency.QueueLimit = 100;
        queued.Concurrency.QueueTimeout = TimeSpan.FromMilliseconds(250);
        return
        [
            new ScenarioRun("no failover", CreateScenario(settings, without)),
            new ScenarioRun("retry budget of 20 %", CreateScenario(settings, new LoadBalancingOptions())),
            new ScenarioRun("no retry budget", CreateScenario(settings, unlimited)),
            new ScenarioRun("adaptive limit", CreateScenario(settings, limited)),
            new ScenarioRun("adaptive limit, queue", CreateScenario(settings, queued)),
        ];
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer)
    {
        const double BurstFactor = 2;

        // A backend does not notice that a client has stopped waiting, and still serves the attempt.
        balancer.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(250);
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 4, Queue = 500 };
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
                    Arrivals = new BurstArrivals
                    {
                        Rate = ComputeRate(settings.Load, backends),
                        Factor = BurstFactor,
                        Every = TimeSpan.FromSeconds(30),
                        Length = TimeSpan.FromSeconds(5),
                    },
                    Timeout = TimeSpan.FromSeconds(2),
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
