using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Sends half as many requests again as one backend can serve, without a limit, with fixed limits and with an adaptive one.</summary>
internal sealed class LimitsScenario : TrafficScenario
{
    private static readonly int[] FixedLimits = [4, 8, 12, 16, 32];

    public override string Name => "limits";

    public override string Summary => "A backend gets half as many requests again as it can serve: what a limit of requests in flight does for those that are admitted.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        if (options.Strategy is not null)
        {
            return CreateForStrategies(options, [], balancer =>
            {
                balancer.Concurrency.Adaptive = true;
                return CreateScenario(options, balancer);
            });
        }

        var adaptive = new LoadBalancingOptions();
        adaptive.Concurrency.Adaptive = true;
        var queued = new LoadBalancingOptions();
        queued.Concurrency.Adaptive = true;
        queued.Concurrency.QueueLimit = 50;
        queued.Concurrency.QueueTimeout = TimeSpan.FromMilliseconds(100);
        return
        [
            new ScenarioRun("no limit", CreateScenario(options, new LoadBalancingOptions())),
            .. FixedLimits.Select(limit => new ScenarioRun(string.Create(CultureInfo.InvariantCulture, $"limit of {limit}"), CreateScenario(options, CreateFixed(limit)))),
            new ScenarioRun("adaptive", CreateScenario(options, adaptive)),
            new ScenarioRun("adaptive, queue", CreateScenario(options, queued)),
        ];
    }

    private static LoadBalancingOptions CreateFixed(int limit)
    {
        var balancer = new LoadBalancingOptions();
        balancer.Concurrency.MaxInFlightPerEndpoint = limit;
        return balancer;
    }

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer)
    {
        var duration = options.Duration ?? TimeSpan.FromMinutes(2);
        var backends = new BackendGroup { Count = options.Backends ?? 1, Concurrency = 8, Queue = 1000 };
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
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 1.5, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
