using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows what it costs in evenness, and saves in connections, that each client uses only some of the backends.</summary>
internal sealed class SubsetScenario : TrafficScenario
{
    private static readonly string[] Strategies = [LoadBalancingStrategies.RoundRobin, LoadBalancingStrategies.PowerOfTwoChoices];
    private static readonly int?[] Sizes = [null, 50, 20, 10, 5];

    public override string Name => "subset";

    public override string Summary => "Each of 200 clients uses only some of 100 backends: how many connections that saves, and how uneven the load gets.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var strategies = options.Strategy is null ? Strategies : ScenarioStrategies.Of(options.Strategy);
        return
        [
            .. from strategy in strategies
               from size in Sizes
               select new ScenarioRun(GetLabel(strategy, size), CreateScenario(options, CreateBalancer(strategy, size))),
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

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer)
    {
        var duration = options.Duration ?? TimeSpan.FromSeconds(30);
        var backends = new BackendGroup { Count = options.Backends ?? 100, Concurrency = 4, Queue = 10_000 };
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
                    Count = options.Clients ?? 200,
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.7, backends) },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
