using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows what it costs in evenness, and saves in connections, that each client uses only some of the backends.</summary>
internal sealed class SubsetScenario : TrafficScenario
{
    private static readonly string[] Strategies = [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices];
    private static readonly int?[] Sizes = [null, 50, 20, 10, 5];

    public override string Name => "subset";

    public override string Summary => "Each of 200 clients uses only some of 100 backends: how many connections that saves, and how uneven the load gets.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 100, Clients = 200, Load = 0.7, Duration = TimeSpan.FromSeconds(30), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        var strategies = settings.Strategy is null ? Strategies : ScenarioStrategies.Of(settings.Strategy);
        return
        [
            .. from strategy in strategies
               from size in Sizes
               select new ScenarioRun(GetLabel(strategy, size), CreateScenario(settings, CreateBalancer(strategy, size))),
        ];

        static string GetLabel(string strategy, int? size) =>
            size is null ? $"{strategy}, all" : string.Create(CultureInfo.InvariantCulture, $"{strategy}, subset of {size}");
    }

    private static LoadBalancingOptions CreateBalancer(string strategy, int? size)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.Subset.Size = size;
        return balancer;
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer)
    {
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 4, Queue = 10_000 };
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
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
