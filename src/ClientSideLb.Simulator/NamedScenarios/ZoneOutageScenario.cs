using System.Globalization;

namespace ClientSideLb.Simulator.NamedScenarios;

/// <summary>Shows what an outage of one of three zones does to the clients in it and to the others, with zones and without.</summary>
/// <remarks>Every zone has the same number of clients and of backends, rounded up.</remarks>
internal sealed class ZoneOutageScenario : TrafficScenario
{
    private static readonly string[] Zones = ["a", "b", "c"];

    public override string Name => "zone-outage";

    public override string Summary => "One of three zones goes offline and comes back: what its clients and the others get, with spill-over to other zones, without zones, and without spill-over.";

    public override ScenarioOptions Defaults { get; } = new() { Backends = 12, Clients = 12, Load = 0.5, Duration = TimeSpan.FromMinutes(2), Seed = 1, Fault = ChangeKind.Refuse };

    private protected override IReadOnlyList<ScenarioRun> Create(ScenarioSettings settings)
    {
        if (settings.Strategy is not null)
        {
            return [.. ScenarioStrategies.Of(settings.Strategy).Select(strategy => CreateRun(strategy, strategy, knowsZone: true, listsOthers: true))];
        }

        return
        [
            CreateRun("spill-over", LoadBalancingStrategies.PowerOfTwoChoices, knowsZone: true, listsOthers: true),
            CreateRun("without zones", LoadBalancingStrategies.PowerOfTwoChoices, knowsZone: false, listsOthers: true),
            CreateRun("own zone only", LoadBalancingStrategies.PowerOfTwoChoices, knowsZone: true, listsOthers: false),
        ];

        ScenarioRun CreateRun(string label, string strategy, bool knowsZone, bool listsOthers) =>
            new(label, CreateScenario(settings, strategy, knowsZone, listsOthers));
    }

    private static int GetCountInZone(int count) => (count + Zones.Length - 1) / Zones.Length;

    private static string GetBackends(int zone, int count) => string.Create(CultureInfo.InvariantCulture, $"{zone * count}-{((zone + 1) * count) - 1}");

    private static LoadBalancingOptions CreateBalancer(string strategy, string? zone)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy, Zone = zone };

        // Without an attempt timeout, a request at a backend that hangs would wait until its caller gives up, and could not move.
        balancer.Failover.AttemptTimeout = TimeSpan.FromSeconds(1);
        return balancer;
    }

    private Scenario CreateScenario(ScenarioSettings settings, string strategy, bool knowsZone, bool listsOthers)
    {
        var duration = settings.Duration;
        var backends = new BackendGroup { Count = GetCountInZone(settings.Backends), Concurrency = 4, Queue = 200, Start = TimeSpan.FromSeconds(1) };
        var clients = GetCountInZone(settings.Clients);
        var rate = ComputeRate(settings.Load, backends);
        return new Scenario
        {
            Name = Name,
            Description = Summary,
            Seed = settings.Seed,
            Duration = duration,
            WarmUp = GetWarmUp(duration),
            RoundTrip = TimeSpan.FromMilliseconds(1),
            CrossZoneRoundTrip = TimeSpan.FromMilliseconds(10),
            Clients =
            [
                .. Zones.Select((zone, index) => new ClientGroup
                {
                    Count = clients,
                    Zone = zone,
                    Backends = listsOthers ? "all" : GetBackends(index, backends.Count),
                    Arrivals = new PoissonArrivals { Rate = rate },
                    Timeout = TimeSpan.FromSeconds(5),
                    Balancer = CreateBalancer(strategy, knowsZone ? zone : null),
                }),
            ],
            Backends = [.. Zones.Select(zone => backends with { Zone = zone })],
            Changes =
            [
                new BackendChange { At = duration / 4, Backends = GetBackends(0, backends.Count), Change = settings.Fault },
                new BackendChange { At = duration * 0.6, Backends = GetBackends(0, backends.Count), Change = ChangeKind.Recover },
            ],
        };
    }
}
