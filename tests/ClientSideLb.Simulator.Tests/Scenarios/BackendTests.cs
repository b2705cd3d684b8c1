namespace ClientSideLb.Simulator.Tests.Scenarios;

/// <summary>What backends do when something happens to them, and what clients make of it.</summary>
public sealed class BackendTests
{
    [Fact]
    public void A_backend_that_refuses_fails_all_it_has_and_all_it_gets_until_it_has_started_again()
    {
        var result = Run(Plain() with
        {
            Backends = [new BackendGroup { Start = TimeSpan.FromSeconds(3) }],
            Changes = [At(10, ChangeKind.Refuse), At(15, ChangeKind.Recover)],
        });

        Assert.True(result.FailuresByKind.ContainsKey("broken off"));

        // 5 s of outage and 3 s of start at 100 requests a second.
        Assert.InRange(result.FailuresByKind["refused"], 700, 900);
        Assert.InRange(result.TimeToReturn!.Value.TotalSeconds, 3, 3.2);
    }

    [Fact]
    public void A_backend_that_hangs_answers_nothing_until_callers_give_up()
    {
        var scenario = Plain();
        var result = Run(scenario with
        {
            Clients = scenario.Clients with { Timeout = TimeSpan.FromSeconds(2) },
            Changes = [At(10, ChangeKind.Hang), At(15, ChangeKind.Recover)],
        });

        Assert.Equal(["timed out"], result.FailuresByKind.Keys);
        Assert.InRange(result.FailuresByKind["timed out"], 430, 570);
        Assert.InRange(result.Latency.Max.TotalSeconds, 0, 2);
    }

    [Fact]
    public void A_backend_that_errs_answers_503_at_once()
    {
        var result = Run(Plain() with { Changes = [At(10, ChangeKind.Error), At(15, ChangeKind.Recover)] });

        Assert.Equal(["503"], result.FailuresByKind.Keys);
        Assert.InRange(result.FailuresByKind["503"], 430, 570);
    }

    [Fact]
    public void A_queue_that_is_full_turns_requests_away()
    {
        var result = Run(Plain(rate: 400) with { RoundTrip = TimeSpan.Zero, Backends = [new BackendGroup { Concurrency = 2, Queue = 5 }] });

        // Twice what can be served: half of it, and the little that a queue of five evens out.
        Assert.InRange(result.ErrorRate, 0.49, 0.53);

        // Two served, five waiting, and the one that is turned away.
        Assert.Equal(8, result.PeakInFlight);
    }

    [Fact]
    public void A_slow_backend_serves_at_its_speed()
    {
        var scenario = Plain(rate: 1) with { Backends = [new BackendGroup { Service = new ConstantTime() }] };

        Assert.Equal(10.5, Run(scenario).Latency.Mean.TotalMilliseconds, 2);
        Assert.Equal(100.5, Run(scenario with { Changes = [At(0, ChangeKind.Slow)] }).Latency.Mean.TotalMilliseconds, 2);
    }

    [Fact]
    public void A_cold_backend_gets_faster_while_it_warms_up()
    {
        var result = Run(Plain(rate: 20) with
        {
            Backends = [new BackendGroup { Service = new ConstantTime(), WarmUp = TimeSpan.FromSeconds(10), ColdSpeed = 0.1 }],
            Changes = [At(10, ChangeKind.Refuse), At(11, ChangeKind.Recover)],
        });

        // The slices are a quarter of a second long.
        Assert.InRange(Median(11.5), 60, 110);
        Assert.InRange(Median(16), 16, 22);
        Assert.InRange(Median(25), 10, 11);

        double Median(double at) => result.Timeline.First(slice => slice.At.TotalSeconds >= at && slice.Requests > 0).Median.TotalMilliseconds;
    }

    [Fact]
    public void A_backend_that_leaves_gets_nothing_new_and_one_that_joins_gets_its_share()
    {
        var result = Run(Plain() with
        {
            Backends = [new BackendGroup { Count = 3 }],
            Changes = [At(10, ChangeKind.Leave), At(20, ChangeKind.Join, "2")],
        });

        Assert.Equal(0, result.Failures);
        Assert.Equal(0, result.Timeline.Where(static slice => slice.At.TotalSeconds > 10.5).Sum(static slice => slice.Attempts[0]));
        Assert.Equal(0, result.Timeline.Where(static slice => slice.At.TotalSeconds < 19.5).Sum(static slice => slice.Attempts[2]));
        Assert.True(result.Timeline.Where(static slice => slice.At.TotalSeconds > 20.5).Sum(static slice => slice.Attempts[2]) > 300);
    }

    [Fact]
    public void Weights_share_the_traffic_out()
    {
        var scenario = Plain(rate: 1000, LoadBalancingStrategies.WeightedRoundRobin) with
        {
            Backends = [new BackendGroup { Weight = 3 }, new BackendGroup { Weight = 1 }, new BackendGroup { Weight = 0 }],
        };

        var result = Run(scenario);

        Assert.Equal([0.75, 0.25, 0], result.Backends.Select(static backend => Math.Round(backend.Share, 3)));
        Assert.Equal(1, result.Imbalance, 2);
    }

    [Fact]
    public void Failover_hides_a_dead_backend_and_ejection_keeps_requests_from_it()
    {
        var scenario = Plain(rate: 300, LoadBalancingStrategies.RoundRobin) with
        {
            Backends = [new BackendGroup { Count = 3 }],
            Changes = [At(10, ChangeKind.Refuse)],
        };

        var result = Run(scenario with { Clients = scenario.Clients with { Balancer = new LoadBalancingOptions { Strategy = LoadBalancingStrategies.RoundRobin } } });

        Assert.Equal(0, result.Failures);
        Assert.InRange(result.Moved, 5, 50);
        Assert.InRange(result.TimeToDetect!.Value.TotalMilliseconds, 1, 200);
    }

    [Fact]
    public void What_may_not_be_sent_twice_is_not()
    {
        var scenario = Plain(rate: 300) with { Backends = [new BackendGroup { Count = 3 }], Changes = [At(10, ChangeKind.Error)] };
        var balancer = new LoadBalancingOptions();
        balancer.OutlierDetection.Enabled = false;

        var result = Run(scenario with { Clients = scenario.Clients with { Balancer = balancer, Idempotent = false } });

        Assert.Equal(0, result.Moved);
        Assert.True(result.FailuresByKind["503"] > 100);
    }

    [Fact]
    public void Probes_take_a_dead_backend_out_and_let_it_back()
    {
        var scenario = Plain() with
        {
            Backends = [new BackendGroup { Count = 2 }],
            Changes = [At(10, ChangeKind.Refuse), At(20, ChangeKind.Recover)],
        };
        scenario.Clients.Balancer.ActiveHealthCheck.Enabled = true;
        scenario.Clients.Balancer.ActiveHealthCheck.Interval = TimeSpan.FromSeconds(1);
        scenario.Clients.Balancer.ActiveHealthCheck.UnhealthyInterval = TimeSpan.FromSeconds(1);

        var result = Run(scenario);

        // Two probes in a row that fail, a second apart; one that passes.
        Assert.InRange(result.TimeToDetect!.Value.TotalSeconds, 0.9, 2.3);
        Assert.InRange(result.TimeToReturn!.Value.TotalSeconds, 0, 1.3);
    }

    [Fact]
    public void A_closed_loop_has_as_many_requests_on_their_way_as_it_has_workers()
    {
        var scenario = Plain();
        var result = Run(scenario with
        {
            Clients = scenario.Clients with { Count = 2, Arrivals = new ClosedLoopArrivals { Workers = 4 } },
            Backends = [new BackendGroup { Count = 2 }],
        });

        Assert.Equal(8, result.MeanInFlight, 2);
    }

    [Fact]
    public void A_closed_loop_without_backends_that_work_comes_to_its_end()
    {
        var scenario = Plain();
        var result = Run(scenario with
        {
            RoundTrip = TimeSpan.Zero,
            Clients = scenario.Clients with { Arrivals = new ClosedLoopArrivals { Workers = 2 } },
            Changes = [At(0, ChangeKind.Refuse)],
        });

        Assert.Equal(1, result.ErrorRate);
    }

    // One backend, one client, and nothing that is not under test.
    private static Scenario Plain(double rate = 100, string strategy = LoadBalancingStrategies.PowerOfTwoChoices)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.Failover.Enabled = false;
        balancer.OutlierDetection.Enabled = false;
        return new Scenario
        {
            Duration = TimeSpan.FromSeconds(30),
            WarmUp = TimeSpan.Zero,
            Clients = new ClientGroup { Arrivals = new PoissonArrivals { Rate = rate }, Balancer = balancer },
            Backends = [new BackendGroup()],
        };
    }

    private static BackendChange At(double seconds, ChangeKind change, string backends = "0") =>
        new() { At = TimeSpan.FromSeconds(seconds), Backends = backends, Change = change };

    private static RunResult Run(Scenario scenario) => Simulation.Run(scenario, cancellationToken: TestContext.Current.CancellationToken);
}
