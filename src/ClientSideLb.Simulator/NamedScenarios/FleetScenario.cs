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

    public override ScenarioOptions Defaults { get; } = new() { Backends = 1000, Clients = 1000, Load = 0.7, Duration = TimeSpan.FromSeconds(20), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        var clients = settings.Clients;
        var runs = CreateForStrategies(settings, Strategies, balancer => CreateScenario(settings, balancer, clients));
        if (settings.Strategy is not null)
        {
            return runs;
        }

        // One client that sees all requests behaves as a gateway would.
        return
        [
            .. runs.Select(run => run with { Label = string.Create(CultureInfo.InvariantCulture, $"{run.Label}, {clients} clients") }),
            .. Strategies.Select(strategy => new ScenarioRun($"{strategy}, 1 client", CreateScenario(settings, new LoadBalancingOptions { Strategy = strategy }, clients: 1))),
        ];
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer, int clients)
    {
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 1, Queue = 10_000 };
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
                    Count = clients,
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(settings.Load, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
