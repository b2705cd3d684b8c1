using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Replaces the backends one after another. They are killed or drained first, with and without slow start.</summary>
internal sealed class RollingDeployScenario : TrafficScenario
{
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(10);

    public override string Name => "rolling-deploy";

    public override string Summary => "Each backend is replaced in turn, and is cold at first: killed or drained, with and without slow start.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 10, Clients = 4, Load = 0.6, Duration = TimeSpan.FromMinutes(3), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        if (settings.Strategy is not null)
        {
            return CreateForStrategies(settings, [], balancer => CreateScenario(settings, Configure(balancer, SlowStart), drains: true));
        }

        return
        [
            CreateRun("RoundRobin, killed", LoadBalancingStrategies.RoundRobin, drains: false, TimeSpan.Zero),
            CreateRun("RoundRobin, drained", LoadBalancingStrategies.RoundRobin, drains: true, TimeSpan.Zero),
            CreateRun("RoundRobin, drained, slow start", LoadBalancingStrategies.RoundRobin, drains: true, SlowStart),
            CreateRun("PowerOfTwoChoices, killed", LoadBalancingStrategies.PowerOfTwoChoices, drains: false, TimeSpan.Zero),
            CreateRun("PowerOfTwoChoices, drained", LoadBalancingStrategies.PowerOfTwoChoices, drains: true, TimeSpan.Zero),
        ];

        ScenarioRun CreateRun(string label, string strategy, bool drains, TimeSpan slowStart) =>
            new(label, CreateScenario(settings, Configure(new LoadBalancingOptions { Strategy = strategy }, slowStart), drains));
    }

    private static LoadBalancingOptions Configure(LoadBalancingOptions balancer, TimeSpan slowStart)
    {
        balancer.SlowStart = slowStart;
        return balancer;
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer, bool drains)
    {
        var backends = new BackendGroup
        {
            Count = settings.Backends,
            Concurrency = 8,
            Queue = 200,
            Start = TimeSpan.FromSeconds(3),
            WarmUp = TimeSpan.FromSeconds(10),
            ColdSpeed = 0.1,
        };
        var duration = settings.Duration;
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
            Changes =
            [
                .. Enumerable.Range(0, backends.Count)
                    .SelectMany(backend => Replace(backend, duration * (0.1 + (0.8 * backend / backends.Count)), drains))
                    .Where(change => change.At <= duration),
            ],
        };
    }

    // A drained backend is listed again after its start. A killed one is listed all the time, and refuses connections until it has started.
    private static IEnumerable<BackendChange> Replace(int backend, TimeSpan at, bool drains)
    {
        var list = backend.ToString(CultureInfo.InvariantCulture);
        if (!drains)
        {
            yield return new BackendChange { At = at, Backends = list, Change = ChangeKind.Refuse };
            yield return new BackendChange { At = at + TimeSpan.FromSeconds(1), Backends = list, Change = ChangeKind.Recover };
            yield break;
        }

        yield return new BackendChange { At = at, Backends = list, Change = ChangeKind.Leave };
        yield return new BackendChange { At = at + TimeSpan.FromSeconds(2), Backends = list, Change = ChangeKind.Refuse };
        yield return new BackendChange { At = at + TimeSpan.FromSeconds(3), Backends = list, Change = ChangeKind.Recover };
        yield return new BackendChange { At = at + TimeSpan.FromSeconds(6), Backends = list, Change = ChangeKind.Join };
    }
}
