using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.NamedScenarios;

/// <summary>What the outage of a zone is there to show. Zone a dies, and zones b and c take its load if they may.</summary>
public sealed class ZoneOutageScenarioTests
{
    /// <summary>The load of 0.5 at each of the four servers of a backend is 200 requests a second, and half as many again without zone a.</summary>
    private const double UsualRate = 200;

    /// <summary>In parts of the rate: chance in a fifth of a minute of Poisson arrivals.</summary>
    private const double RateTolerance = 0.05;

    /// <summary>The part of the requests that fail on a dead zone before its backends are out.</summary>
    private const double MostErrors = 0.005;

    public static TheoryData<int> Seeds => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_spill_over_the_clients_of_the_dead_zone_get_answers_from_the_others(int seed)
    {
        var zones = Run(seed)["spill-over"];

        Assert.InRange(zones["a"].ClientsWhileFailing!.ErrorRate, 0, MostErrors);
        Assert.InRange(zones["a"].ClientsWhileFailing!.CrossZoneShare, 0.99, 1);
        Assert.Equal((0, 0), (zones["b"].Clients.CrossZone, zones["c"].Clients.CrossZone));
        Assert.All((string[])["b", "c"], zone => AssertRate(1.5, zones[zone]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_zones_the_load_is_the_same_but_every_client_pays_for_the_way_to_other_zones(int seed)
    {
        var runs = Run(seed);
        var (with, without) = (runs["spill-over"], runs["without zones"]);

        Assert.All(without.Values, static zone => Assert.InRange(zone.ClientsWhileFailing!.ErrorRate, 0, MostErrors));
        foreach (var zone in (string[])["b", "c"])
        {
            AssertRate(1.5, without[zone]);
            Assert.InRange(without[zone].ClientsWhileFailing!.CrossZoneShare, 0.4, 0.5);
            Assert.InRange((Median(without[zone]) - Median(with[zone])).TotalMilliseconds, 3, 9);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_spill_over_the_clients_of_the_dead_zone_get_nothing_and_the_others_notice_nothing(int seed)
    {
        var runs = Run(seed);
        var zones = runs["own zone only"];

        Assert.Equal(1, zones["a"].ClientsWhileFailing!.ErrorRate);
        foreach (var zone in (string[])["b", "c"])
        {
            Assert.Equal((0, 0), (zones[zone].Clients.Failures, zones[zone].Clients.CrossZone));
            AssertRate(1, zones[zone]);
            Assert.True(Median(zones[zone]) < Median(runs["spill-over"][zone]));
        }
    }

    [Fact]
    public void Every_zone_has_clients_and_backends_however_few_there_are()
    {
        var scenario = ((TrafficScenario)KnownScenarios.Get("zone-outage")).CreateRuns(new ScenarioOptions { Clients = 1, Backends = 4 })[0].Scenario;

        Assert.Equal([1, 1, 1], scenario.Clients.Select(static group => group.Count));
        Assert.Equal([2, 2, 2], scenario.Backends.Select(static group => group.Count));
    }

    [Theory]
    [InlineData(ChangeKind.Hang)]
    [InlineData(ChangeKind.Error)]
    public void Clients_spill_over_whatever_way_their_zone_fails_in(ChangeKind fault)
    {
        var zones = Run(seed: 1, fault)["spill-over"];

        Assert.InRange(zones["a"].ClientsWhileFailing!.ErrorRate, 0, 0.05);
        Assert.InRange(zones["a"].ClientsWhileFailing!.CrossZoneShare, 0.9, 1);
    }

    private static void AssertRate(double expected, ZoneResult zone) =>
        Assert.InRange(zone.BackendRateWhileFailing!.Value / UsualRate, expected * (1 - RateTolerance), expected * (1 + RateTolerance));

    private static TimeSpan Median(ZoneResult zone) => zone.ClientsWhileFailing!.Latency.Quantile(0.5);

    private static Dictionary<string, Dictionary<string, ZoneResult>> Run(int seed, ChangeKind? fault = null) =>
        KnownScenarios.Get("zone-outage").Run(new ScenarioOptions { Duration = TimeSpan.FromSeconds(40), Seed = seed, Fault = fault }).Runs
            .ToDictionary(static run => run.Label, static run => run.Zones.ToDictionary(static zone => zone.Zone));
}
