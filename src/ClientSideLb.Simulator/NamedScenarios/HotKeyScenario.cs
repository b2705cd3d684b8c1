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

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10, Clients = 1, Load = 0.7, Duration = TimeSpan.FromMinutes(1), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        var runs = CreateForStrategies(settings, BuiltInStrategies.Names, balancer => CreateScenario(settings, balancer));
        return
        [
            .. runs,
            .. from factor in LoadFactors
               from run in runs
               where run.Scenario.Clients[0].Balancer.Strategy is LoadBalancingStrategies.ConsistentHash or LoadBalancingStrategies.Maglev
               select CreateBounded(settings, run.Label, factor),
        ];
    }

    private ScenarioRun CreateBounded(ScenarioSettings settings, string strategy, double factor)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.ConsistentHash.LoadFactor = factor;
        balancer.Maglev.LoadFactor = factor;
        return new ScenarioRun(string.Create(CultureInfo.InvariantCulture, $"{strategy}, factor {factor}"), CreateScenario(settings, balancer));
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer)
    {
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 8, Queue = 200 };
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
                    Keys = new KeyPopularity { Count = 100_000, Skew = 1.1 },
                    Balancer = balancer,
                },
            ],
            Backends = [backends],
        };
    }
}
