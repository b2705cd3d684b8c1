namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>Zones, priorities and several groups of clients.</summary>
public sealed class ZoneTests
{
    /// <summary>In parts of all attempts. The trials of ejected backends are the largest deviation.</summary>
    private const double Tolerance = 0.03;

    public static TheoryData<int, double, double> SharesOfFirstPriority => new()
    {
        { 8, 1.4, 1 },
        { 6, 1.4, 1 },
        { 4, 1.4, 0.7 },
        { 2, 1.4, 0.35 },
        { 0, 1.4, 0 },
        { 4, 1, 0.5 },
    };

    [Theory]
    [MemberData(nameof(SharesOfFirstPriority))]
    public void A_priority_leaves_to_the_next_one_what_its_available_backends_cannot_serve(int available, double factor, double expected)
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            var result = Simulation.Run(Plain(Group(factor: factor)) with
            {
                Seed = seed,
                Backends = [Backends(8), Backends(8) with { Priority = 1 }],
                Changes = available == 8 ? [] : [new BackendChange { Backends = $"{available}-7", Change = ChangeKind.Refuse }],
            });

            Assert.Equal(expected, result.Backends.Take(8).Sum(static backend => backend.Share), Tolerance);
        }
    }

    [Fact]
    public void Clients_use_the_backends_of_their_zone_and_only_if_their_balancer_knows_it()
    {
        var result = Simulation.Run(Plain(Group("a", knowsZone: true), Group("b")) with { Backends = [Backends(2) with { Zone = "a" }, Backends(2) with { Zone = "b" }] });

        Assert.Equal(["a", "b"], result.Zones.Select(static zone => zone.Zone));
        Assert.Equal(0, result.Zones[0].Clients.CrossZoneShare);
        Assert.Equal(0.5, result.Zones[1].Clients.CrossZoneShare, Tolerance);
    }

    [Fact]
    public void Priorities_come_before_zones()
    {
        var result = Simulation.Run(Plain(Group("a", knowsZone: true)) with
        {
            Backends = [Backends(2) with { Zone = "a", Priority = 1 }, Backends(2) with { Zone = "b" }],
        });

        Assert.Equal(1, result.Zones[0].Clients.CrossZoneShare);
    }

    [Fact]
    public void A_request_to_another_zone_spends_longer_on_the_network()
    {
        var service = new ConstantTime { Mean = TimeSpan.FromMilliseconds(5) };
        var result = Simulation.Run(Plain(Group("a"), Group("b"), Group("c") with { Backends = "1" }) with
        {
            CrossZoneRoundTrip = TimeSpan.FromMilliseconds(20),
            Backends = [Backends(1) with { Zone = "a", Service = service }, Backends(1) with { Service = service }],
        });

        // The first backend is in zone a, and the second one in no zone.
        Assert.Equal(6, Quantile("a", 0), 0.1);
        Assert.Equal(6, Quantile("a", 1), 0.1);
        Assert.Equal(6, Quantile("b", 0), 0.1);
        Assert.Equal(25, Quantile("b", 1), 0.1);
        Assert.Equal(6, Quantile("c", 1), 0.1);

        double Quantile(string zone, double quantile) =>
            result.Zones.Single(other => other.Zone == zone).Clients.Latency.Quantile(quantile).TotalMilliseconds;
    }

    [Fact]
    public void A_probe_of_another_zone_takes_as_long_as_a_request()
    {
        // A probe follows 100 ms after the end of the one before. So half of the clients notice within a cycle of 101 ms or 500 ms, and 10 % of jitter.
        Assert.InRange(Detect("a").TotalMilliseconds, 1, 115);
        Assert.InRange(Detect("b").TotalMilliseconds, 150, 550);

        // There are no requests that could tell it sooner.
        static TimeSpan Detect(string zone)
        {
            var group = Group(zone) with { Count = 101, Arrivals = new PoissonArrivals { Rate = 0.001 } };
            var probes = group.Balancer.ActiveHealthCheck;
            probes.Enabled = true;
            probes.UnhealthyThreshold = 1;
            probes.Interval = probes.UnhealthyInterval = TimeSpan.FromMilliseconds(100);
            return Simulation.Run(Plain(group) with
            {
                CrossZoneRoundTrip = TimeSpan.FromMilliseconds(400),
                Backends = [Backends(2) with { Zone = "a" }],
                Changes = [new BackendChange { At = TimeSpan.FromSeconds(10), Backends = "0", Change = ChangeKind.Refuse }],
            }).TimeToDetect!.Value;
        }
    }

    [Fact]
    public void Each_group_has_its_own_rate_and_its_own_timeout()
    {
        var result = Simulation.Run(Plain(
            Group("hasty") with { Arrivals = new PoissonArrivals { Rate = 300 }, Timeout = TimeSpan.FromSeconds(1) },
            Group("patient") with { Arrivals = new PoissonArrivals { Rate = 100 }, Timeout = TimeSpan.FromSeconds(3) }) with
        {
            Backends = [Backends(2) with { Concurrency = 2000, Service = new ConstantTime { Mean = TimeSpan.FromSeconds(2) } }],
        });

        var (hasty, patient) = (result.Zones[0].Clients, result.Zones[1].Clients);
        Assert.Equal((1, 0), (hasty.ErrorRate, patient.ErrorRate));
        Assert.InRange((double)hasty.Requests / patient.Requests, 2.8, 3.4);
    }

    [Fact]
    public void A_group_sends_requests_only_to_the_backends_that_are_listed_to_it_and_notices_only_their_failures()
    {
        var result = Simulation.Run(Plain(Group("a") with { Backends = "0,2" }, Group("b") with { Backends = "1,2" }) with
        {
            Backends = [Backends(3)],
            Changes = [new BackendChange { At = TimeSpan.FromSeconds(20), Backends = "0", Change = ChangeKind.Refuse }],
        });

        Assert.All(result.Zones[0].Timeline, static slice => Assert.Equal(0, slice.Attempts[1]));
        Assert.All(result.Zones[1].Timeline, static slice => Assert.Equal(0, slice.Attempts[0]));
        Assert.InRange(result.TimeToDetect!.Value.TotalMilliseconds, 1, 500);
        Assert.Equal(0, result.Failures);
    }

    [Fact]
    public void What_happens_while_backends_fail_is_also_counted_by_itself()
    {
        var group = Group("a", knowsZone: true);
        group.Balancer.Failover.Enabled = group.Balancer.OutlierDetection.Enabled = false;
        var result = Simulation.Run(Plain(group) with
        {
            Backends = [Backends(1) with { Zone = "a" }, Backends(1) with { Zone = "b" }],
            Changes =
            [
                new BackendChange { At = TimeSpan.FromSeconds(10), Backends = "0", Change = ChangeKind.Refuse },
                new BackendChange { At = TimeSpan.FromSeconds(20), Backends = "0", Change = ChangeKind.Recover },
            ],
        });

        // A second has 1,000 requests, and 10 of the 25 measured seconds are in the outage. The requests that break off began before it.
        var zone = result.Zones[0];
        Assert.InRange(zone.ClientsWhileFailing!.Requests, 9700, 10300);
        Assert.Equal(1, zone.ClientsWhileFailing.ErrorRate);
        Assert.Equal(0.4, zone.Clients.ErrorRate, 0.01);
        Assert.InRange(zone.BackendRateWhileFailing!.Value, 970, 1030);
        Assert.InRange(zone.BackendRate, 970, 1030);
        Assert.Equal((0, 0), (result.Zones[1].BackendRate, result.Zones[1].BackendRateWhileFailing));
    }

    [Fact]
    public void A_run_without_failures_or_without_zones_has_no_results_for_them()
    {
        Assert.Empty(Simulation.Run(Plain(Group())).Zones);
        var zone = Assert.Single(Simulation.Run(Plain(Group("a"))).Zones);
        Assert.Null(zone.ClientsWhileFailing);
        Assert.Null(zone.BackendRateWhileFailing);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    public void Keys_stay_where_they_are_in_each_zone(string strategy)
    {
        var result = Simulation.Run(Plain(Group("a", knowsZone: true, strategy), Group("b", knowsZone: true, strategy)) with
        {
            Backends = [Backends(3) with { Zone = "a" }, Backends(3) with { Zone = "b" }],
        });

        Assert.Equal((0, 0), (result.KeysMoved, result.AwayFromOwner));
        Assert.Equal(strategy, result.Strategy);
    }

    [Fact]
    public void Groups_may_have_different_strategies()
    {
        var result = Simulation.Run(Plain(Group(strategy: LoadBalancingStrategies.Random), Group(strategy: LoadBalancingStrategies.RoundRobin)));

        Assert.Equal("Random, RoundRobin", result.Strategy);
    }

    private static ClientGroup Group(
        string? zone = null, bool knowsZone = false, string strategy = LoadBalancingStrategies.RoundRobin, double factor = 1.4)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy, Zone = knowsZone ? zone : null, OverprovisioningFactor = factor };
        return new ClientGroup { Zone = zone, Balancer = balancer };
    }

    private static BackendGroup Backends(int count) => new() { Count = count, Concurrency = 100 };

    private static Scenario Plain(params ClientGroup[] groups) => new()
    {
        Duration = TimeSpan.FromSeconds(30),
        RoundTrip = TimeSpan.FromMilliseconds(1),
        Clients = groups,
        Backends = [Backends(4)],
    };
}
