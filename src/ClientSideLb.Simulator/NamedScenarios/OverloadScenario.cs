namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>
/// Sends more requests than the backends can serve, in bursts. Attempts that time out are repeated, which adds to the load; a retry budget
/// limits that.
/// </summary>
internal sealed class OverloadScenario : TrafficScenario
{
    public override string Name => "overload";

    public override string Summary => "More requests than can be served, in bursts: what retries add to that, how their budget keeps it small, and what an adaptive limit does.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        if (options.Strategy is not null)
        {
            return CreateForStrategies(options, [], balancer => CreateScenario(options, balancer));
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
            new ScenarioRun("no failover", CreateScenario(options, without)),
            new ScenarioRun("retry budget of 20 %", CreateScenario(options, new LoadBalancingOptions())),
            new ScenarioRun("no retry budget", CreateScenario(options, unlimited)),
            new ScenarioRun("adaptive limit", CreateScenario(options, limited)),
            new ScenarioRun("adaptive limit, queue", CreateScenario(options, queued)),
        ];
    }

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer)
    {
        const double BurstFactor = 2;

        // A backend does not notice that a client has stopped waiting, and still serves the attempt.
        balancer.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(250);
        var duration = options.Duration ?? TimeSpan.FromMinutes(2);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 4, Queue = 500 };
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
                    Arrivals = new BurstArrivals
                    {
                        Rate = ComputeRate(options.Load ?? 0.7, backends),
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
