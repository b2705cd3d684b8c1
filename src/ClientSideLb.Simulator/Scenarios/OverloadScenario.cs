namespace ClientSideLb.Simulator;

/// <summary>More requests than can be served, for a while: how attempts that time out and are made again drown the backends, and how a budget keeps them from it.</summary>
internal sealed class OverloadScenario : TrafficScenario
{
    public override string Name => "overload";

    public override string Summary => "More requests than can be served, in bursts: what retries add to that, and how their budget keeps it small.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        if (options.Strategy is not null)
        {
            return ForEachStrategy(options, [], balancer => Scenario(options, balancer));
        }

        var without = new LoadBalancingOptions();
        without.Failover.Enabled = false;
        var unlimited = new LoadBalancingOptions();
        unlimited.Failover.RetryBudget = 100;
        return
        [
            new ScenarioRun("no failover", Scenario(options, without)),
            new ScenarioRun("retry budget of 20 %", Scenario(options, new LoadBalancingOptions())),
            new ScenarioRun("no retry budget", Scenario(options, unlimited)),
        ];
    }

    private Scenario Scenario(ScenarioOptions options, LoadBalancingOptions balancer)
    {
        const double BurstFactor = 2;

        // The backends do not know that a client has stopped waiting, and serve what nobody wants any more.
        balancer.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(250);
        var duration = options.Duration ?? TimeSpan.FromMinutes(2);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 4, Queue = 500 };
        return new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = options.Seed ?? 1,
            Duration = duration,
            WarmUp = WarmUpOf(duration),
            Clients = new ClientGroup
            {
                Count = options.Clients ?? 4,
                Arrivals = new BurstArrivals
                {
                    Rate = RateFor(options.Load ?? 0.7, backends),
                    Factor = BurstFactor,
                    Every = TimeSpan.FromSeconds(30),
                    Length = TimeSpan.FromSeconds(5),
                },
                Timeout = TimeSpan.FromSeconds(2),
                Balancer = balancer,
            },
            Backends = [backends],
        };
    }
}
