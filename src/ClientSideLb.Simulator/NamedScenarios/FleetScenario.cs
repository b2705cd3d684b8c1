using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Compares 1,000 clients, each of which sees only its own requests, with one client that sees them all. There are 1,000 backends.</summary>
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
        var runs = CreateForStrategies(options, Strategies, balancer => CreateScenario(options, balancer, clients));
        if (options.Strategy is not null)
        {
            return runs;
        }

        // One client that sees all requests behaves as a gateway would.
        return
        [
            .. runs.Select(run => run with { Label = string.Create(CultureInfo.InvariantCulture, $"{run.Label}, {clients} clients") }),
            .. Strategies.Select(strategy => new ScenarioRun($"{strategy}, 1 client", CreateScenario(options, new LoadBalancingOptions { Strategy = strategy }, clients: 1))),
        ];
    }

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer, int clients)
    {
        var duration = options.Duration ?? TimeSpan.FromSeconds(20);
        var backends = new BackendGroup { Count = options.Backends ?? 1000, Concurrency = 1, Queue = 10_000 };
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
                    Count = clients,
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.7, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
