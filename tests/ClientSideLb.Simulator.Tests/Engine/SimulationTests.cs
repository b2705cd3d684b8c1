namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>Changes of backends, and how clients react to them.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void A_dead_backend_fails_all_its_requests_until_it_has_started_again()
    {
        var result = Run(Plain() with
        {
            Backends = [new BackendGroup { Start = TimeSpan.FromSeconds(3) }],
            Changes = [At(10, ChangeKind.Refuse), At(15, ChangeKind.Recover)],
        });

        // 5 s of outage and 3 s of start at 100 requests per second.
        Assert.InRange(result.FailuresByKind["refused"], 700, 900);
        Assert.Contains("broken off", result.FailuresByKind);
        Assert.InRange(result.TimeToReturn!.Value.TotalSeconds, 3, 3.2);
    }

    [Fact]
    public void A_restarted_backend_ends_no_request_early()
    {
        // The request that breaks off after 2 s would have ended after about 5 s, in the middle of the next one.
        var service = new ConstantTime { Mean = TimeSpan.FromSeconds(5) };
        var result = Run(Plain() with
        {
            Backends = [new BackendGroup { Concurrency = 1, Queue = 0, Service = service }],
            Changes = [At(2, ChangeKind.Refuse), At(2.5, ChangeKind.Recover)],
        });

        Assert.InRange(result.Latency.Count, 1, 10);
        Assert.InRange(result.Latency.Quantile(0).TotalSeconds, 4.95, 5.05);
    }

    [Fact]
    public void An_answer_that_comes_after_the_attempt_timeout_is_ignored()
    {
        var balancer = new LoadBalancingOptions();
        balancer.OutlierDetection.Enabled = false;
        balancer.Failover.AttemptTimeout = TimeSpan.FromMilliseconds(50);
        var result = Run(WithClients(clients => clients with { Balancer = balancer }) with
        {
            Backends = [new BackendGroup { Count = 2, Concurrency = 100, Service = new ConstantTime { Mean = TimeSpan.FromMilliseconds(80) } }],
        });

        Assert.Equal(["attempt timed out"], result.FailuresByKind.Keys);
        Assert.Equal(1, result.ErrorRate);
    }

    [Fact]
    public void A_hanging_backend_answers_nothing_until_callers_give_up()
    {
        var result = Run(WithClients(static clients => clients with { Timeout = TimeSpan.FromSeconds(2) }) with
        {
            Changes = [At(10, ChangeKind.Hang), At(15, ChangeKind.Recover)],
        });

        AssertOnlyFailures(result, "timed out", 430, 570);
        Assert.InRange(result.Latency.Max.TotalSeconds, 0, 2);
    }

    [Fact]
    public void A_backend_with_errors_answers_503_at_once()
    {
        var result = Run(Plain() with { Changes = [At(10, ChangeKind.Error), At(15, ChangeKind.Recover)] });

        AssertOnlyFailures(result, "503", 430, 570);
    }

    [Fact]
    public void A_full_queue_turns_requests_away()
    {
        var result = Run(Plain(rate: 400) with { RoundTrip = TimeSpan.Zero, Backends = [new BackendGroup { Concurrency = 2, Queue = 5 }] });

        // The rate is twice what the backend can serve. Half of the requests fail, and a few more because the load varies.
        Assert.InRange(result.ErrorRate, 0.49, 0.53);

        // Two are served, five wait, and one is being turned away.
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

        // A slice is a quarter of a second long.
        Assert.InRange(GetMedian(11.5), 60, 110);
        Assert.InRange(GetMedian(16), 16, 22);
        Assert.InRange(GetMedian(25), 10, 11);

        double GetMedian(double at) => result.Timeline.First(slice => slice.At.TotalSeconds >= at && slice.Requests > 0).Median.TotalMilliseconds;
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
        Assert.Equal(0, CountAttempts(backend: 0, from: 10.5, to: 30));
        Assert.Equal(0, CountAttempts(backend: 2, from: 0, to: 19.5));
        Assert.InRange(CountAttempts(backend: 2, from: 20.5, to: 30), 300, 1000);

        int CountAttempts(int backend, double from, double to) =>
            result.Timeline.Where(slice => slice.At.TotalSeconds >= from && slice.At.TotalSeconds < to).Sum(slice => slice.Attempts[backend]);
    }

    [Fact]
    public void Backends_get_traffic_in_proportion_to_their_weights()
    {
        var result = Run(Plain(rate: 1000, LoadBalancingStrategies.WeightedRoundRobin) with
        {
            Backends = [new BackendGroup { Weight = 3 }, new BackendGroup { Weight = 1 }, new BackendGroup { Weight = 0 }],
        });

        Assert.Equal([0.75, 0.25, 0], result.Backends.Select(static backend => Math.Round(backend.Share, 3)));
        Assert.Equal(1, result.Imbalance, 2);
    }

    [Fact]
    public void Failover_hides_a_dead_backend_and_ejection_keeps_requests_from_it()
    {
        var balancer = new LoadBalancingOptions { Strategy = LoadBalancingStrategies.RoundRobin };
        var result = Run(WithClients(clients => clients with { Balancer = balancer }, rate: 300) with
        {
            Backends = [new BackendGroup { Count = 3 }],
            Changes = [At(10, ChangeKind.Refuse)],
        });

        Assert.Equal(0, result.Failures);
        Assert.InRange(result.Moved, 5, 50);
        Assert.InRange(result.TimeToDetect!.Value.TotalMilliseconds, 1, 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_is_sent_again_after_503_only_if_it_is_idempotent(bool isIdempotent)
    {
        var balancer = new LoadBalancingOptions { Strategy = LoadBalancingStrategies.RoundRobin };
        balancer.OutlierDetection.Enabled = false;
        var result = Run(WithClients(clients => clients with { Balancer = balancer, Idempotent = isIdempotent }, rate: 300) with
        {
            Backends = [new BackendGroup { Count = 3 }],
            Changes = [At(10, ChangeKind.Error)],
        });

        Assert.Equal(isIdempotent, result.Moved > 100);
        Assert.InRange(result.FailuresByKind["503"], 100, 9000);
    }

    [Fact]
    public void Probes_take_a_dead_backend_out_and_let_it_return()
    {
        var scenario = Plain() with
        {
            Backends = [new BackendGroup { Count = 2 }],
            Changes = [At(10, ChangeKind.Refuse), At(20, ChangeKind.Recover)],
        };
        var probes = scenario.Clients[0].Balancer.ActiveHealthCheck;
        probes.Enabled = true;
        probes.Interval = probes.UnhealthyInterval = TimeSpan.FromSeconds(1);

        var result = Run(scenario);

        // Two probes fail in a row, a second apart. Later one passes.
        Assert.InRange(result.TimeToDetect!.Value.TotalSeconds, 0.9, 2.3);
        Assert.InRange(result.TimeToReturn!.Value.TotalSeconds, 0, 1.3);
    }

    [Fact]
    public void A_closed_loop_has_one_request_in_flight_for_each_worker()
    {
        var loop = new ClosedLoopArrivals { Workers = 4 };
        var result = Run(WithClients(clients => clients with { Count = 2, Arrivals = loop }) with { Backends = [new BackendGroup { Count = 2 }] });

        Assert.Equal(8, result.MeanInFlight, 2);
    }

    [Fact]
    public void A_closed_loop_ends_even_if_no_backend_works()
    {
        var loop = new ClosedLoopArrivals { Workers = 2 };
        var result = Run(WithClients(clients => clients with { Arrivals = loop }) with { RoundTrip = TimeSpan.Zero, Changes = [At(0, ChangeKind.Refuse)] });

        Assert.Equal(1, result.ErrorRate);
    }

    private static void AssertOnlyFailures(RunResult result, string kind, int least, int most)
    {
        Assert.Equal([kind], result.FailuresByKind.Keys);
        Assert.InRange(result.Failures, least, most);
    }

    // One backend and one client, without failover and outlier detection.
    private static Scenario Plain(double rate = 100, string strategy = LoadBalancingStrategies.PowerOfTwoChoices)
    {
        var balancer = new LoadBalancingOptions { Strategy = strategy };
        balancer.Failover.Enabled = false;
        balancer.OutlierDetection.Enabled = false;
        return new Scenario
        {
            Duration = TimeSpan.FromSeconds(30),
            WarmUp = TimeSpan.Zero,
            Clients = [new ClientGroup { Arrivals = new PoissonArrivals { Rate = rate }, Balancer = balancer }],
            Backends = [new BackendGroup()],
        };
    }

    private static Scenario WithClients(Func<ClientGroup, ClientGroup> change, double rate = 100)
    {
        var scenario = Plain(rate);
        return scenario with { Clients = [change(scenario.Clients[0])] };
    }

    private static BackendChange At(double seconds, ChangeKind change, string backends = "0") =>
        new() { At = TimeSpan.FromSeconds(seconds), Backends = backends, Change = change };

    private static RunResult Run(Scenario scenario) => Simulation.Run(scenario);
}
