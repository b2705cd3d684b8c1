using System.Globalization;
using ClientSideLb.Simulator.Balancing;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>
/// Shows the load of the backends that own the most popular keys, when a few keys are most of the traffic, and what a load factor does about it.
/// </summary>
internal sealed class HotKeyScenario : TrafficScenario
{
    private static readonly double[] LoadFactors = [1.25, 2];

    public override string Name => "hot-key";

    public override string Summary => "A few keys are most of the traffic: what strategies that hash do to the backends that own them, and what a load factor does about it.";

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioOptions options)
    {
        var runs = CreateForStrategies(options, BuiltInStrategies.Names, balancer => CreateScenario(options, balancer));
        return
        [
            .. runs,
            .. from factor in LoadFactors
               from run in runs
               where run.Scenario.Clients[0].Balancer.Strategy is LoadBalancingStrategies.ConsistentHash or LoadBalancingStrategies.Maglev
               select CreateBounded(options, run.Label, factor),
        ];
    }

    private ScenarioRun CreateBounded(ScenarioOptions options, string strategy, double factor)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.ConsistentHash.LoadFactor = factor;
        balancer.Maglev.LoadFactor = factor;
        return new ScenarioRun(string.Create(CultureInfo.InvariantCulture, $"{strategy}, factor {factor}"), CreateScenario(options, balancer));
    }

    private Scenario CreateScenario(ScenarioOptions options, LoadBalancingOptions balancer)
    {
        var duration = options.Duration ?? TimeSpan.FromMinutes(1);
        var backends = new BackendGroup { Count = options.Backends ?? 10, Concurrency = 8, Queue = 200 };
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
                    Arrivals = new PoissonArrivals { Rate = ComputeRate(options.Load ?? 0.7, backends) },
                    Keys = new KeyPopularity { Count = 100_000, Skew = 1.1 },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
