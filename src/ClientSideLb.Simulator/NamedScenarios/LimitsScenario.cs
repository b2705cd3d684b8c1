using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Sends one backend 1.5 times the requests that it can serve, without a limit, with fixed limits and with an adaptive one.</summary>
internal sealed class LimitsScenario : TrafficScenario
{
    private static readonly int[] FixedLimits = [4, 8, 12, 16, 32];

    public override string Name => "limits";

    public override string Summary => "A backend gets half as many requests again as it can serve: what a limit of requests in flight does for those that are admitted.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 1, Clients = 1, Load = 1.5, Duration = TimeSpan.FromMinutes(2), Seed = 1 };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        if (settings.Strategy is not null)
        {
            return CreateForStrategies(settings, [], balancer =>
            {
                balancer.Concurrency.Adaptive = true;
                return CreateScenario(settings, balancer);
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
            new ScenarioRun("no limit", CreateScenario(settings, new LoadBalancingOptions())),
            .. FixedLimits.Select(limit => new ScenarioRun(string.Create(CultureInfo.InvariantCulture, $"limit of {limit}"), CreateScenario(settings, CreateFixed(limit)))),
            new ScenarioRun("adaptive", CreateScenario(settings, adaptive)),
            new ScenarioRun("adaptive, queue", CreateScenario(settings, queued)),
        ];
    }

    private static LoadBalancingOptions CreateFixed(int limit)
    {
        var balancer = new LoadBalancingOptions();
        balancer.Concurrency.MaxInFlightPerEndpoint = limit;
        return balancer;
    }

    private Scenario CreateScenario(ScenarioSettings settings, LoadBalancingOptions balancer)
    {
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = settings.Backends, Concurrency = 8, Queue = 1000 };
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
