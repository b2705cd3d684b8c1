using System.Globalization;

namespace ClientSideLb.Simulator;

/// <summary>A thousand clients and a thousand backends: what each client, who sees its own requests alone, cannot know.</summary>
internal sealed class FleetScenario : TrafficScenario
{
    private static readonly string[] Strategies =
    [
        LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.Random, LoadBalancingStrategies.PowerOfTwoChoices, LoadBalancingStrategies.LeastConnections,
    ];

    public override string Name => "fleet";

    public override string Summary => "1,000 clients and 1,000 backends: what each client, who sees only its own requests, cannot know.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var clients = options.Clients ?? 1000;
        var runs = ForEachStrategy(options, Strategies, balancer => Scenario(options, balancer, clients));
        if (options.Strategy is not null)
        {
            return runs;
        }

        // The same by one client that sees everything, as a gateway would.
        return
        [
            .. runs.Select(run => run with { Label = string.Create(CultureInfo.InvariantCulture, $"{run.Label}, {clients} clients") }),
            .. Strategies.Select(strategy => new ScenarioRun($"{strategy}, 1 client", Scenario(options, new LoadBalancingOptions { Strategy = strategy }, clients: 1))),
        ];
    }

    private Scenario Scenario(ScenarioOptions options, LoadBalancingOptions balancer, int clients)
    {
        var duration = options.Duration ?? TimeSpan.FromSeconds(20);
        var backends = new BackendGroup { Count = options.Backends ?? 1000, Concurrency = 1, Queue = 10_000 };
        return new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = options.Seed ?? 1,
            Duration = duration,
            WarmUp = WarmUpOf(duration),
            Clients = new ClientGroup
            {
                Count = clients,
                Arrivals = new PoissonArrivals { Rate = RateFor(options.Load ?? 0.7, backends) },
                Balancer = balancer,
            },
            Backends = [backends],
        };
    }
}
