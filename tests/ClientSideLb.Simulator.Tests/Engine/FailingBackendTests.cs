namespace ClientSideLb.Simulator.Tests.Engine;

/// <summary>Backends that answer with a failure at once: always, at times, or over a quota.</summary>
public sealed class FailingBackendTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void A_backend_with_errors_answers_the_given_status(int status)
    {
        var result = Run(Create() with { Changes = [Error(status), At(15, ChangeKind.Recover)] });

        // Five seconds at 100 requests per second.
        Assert.Equal([$"{status}"], result.FailuresByKind.Keys);
        Assert.InRange(result.Failures, 430, 570);
        Assert.Equal(result.Failures, result.AttemptsAtFailing);
        Assert.Equal(status == 429 ? result.Failures : 0, result.Rejected);
    }

    [Fact]
    public void A_backend_can_fail_a_part_of_its_requests()
    {
        var result = Run(Create() with { Changes = [Error(500) with { At = TimeSpan.Zero, Probability = 0.2 }] });

        Assert.InRange(result.ErrorRate, 0.17, 0.23);
        Assert.Equal(result.Requests, result.Latency.Count + result.Failures);
        Assert.InRange(result.AttemptsAtFailing - result.Requests, 0, 10);
    }

    [Fact]
    public void A_failure_at_once_takes_no_service_time()
    {
        var result = Run(Create() with
        {
            Backends = [new BackendGroup { Concurrency = 1, Queue = 0, Service = new ConstantTime { Mean = TimeSpan.FromSeconds(1) } }],
            Changes = [Error(500) with { At = TimeSpan.Zero }],
        });

        // A backend that serves one request a second would answer most of them with 503.
        Assert.Equal(["500"], result.FailuresByKind.Keys);
        Assert.Equal(TimeSpan.FromMicroseconds(500), result.MeanTimeInSystem);
    }

    [Fact]
    public void The_first_answers_that_a_dead_backend_cannot_give_count_as_sent_to_a_failing_one_until_it_has_started()
    {
        var result = Run(Create() with
        {
            Backends = [new BackendGroup { Start = TimeSpan.FromSeconds(3) }],
            Changes = [At(10, ChangeKind.Refuse), At(15, ChangeKind.Recover)],
        });

        Assert.Equal(result.FailuresByKind["refused"], result.AttemptsAtFailing);
        Assert.InRange(result.AttemptsAtFailing, 700, 900);
    }

    [Fact]
    public void A_backend_answers_429_over_its_quota_and_serves_the_rest()
    {
        var result = Run(Create(rate: 200) with { Backends = [new BackendGroup { Concurrency = 100, RateLimit = new RateLimit { Rate = 50, Burst = 20 } }] });

        // 30 s at 50 requests per second, and a full bucket at the start.
        Assert.Equal(["429"], result.FailuresByKind.Keys);
        Assert.Equal(result.Failures, result.Rejected);
        Assert.InRange(result.Latency.Count, 1490, 1520);
        Assert.Equal(0, result.AttemptsAtFailing);
    }

    [Fact]
    public void Each_backend_has_a_quota_of_its_own()
    {
        var scenario = Create(rate: 200, LoadBalancingStrategies.RoundRobin) with
        {
            Backends = [new BackendGroup { Count = 2, Concurrency = 100, RateLimit = new RateLimit { Rate = 50 } }, new BackendGroup { Concurrency = 100 }],
        };

        var result = Run(scenario);

        // A third of 200 is 67 a second, of which two backends accept 50 each.
        Assert.InRange(result.Rejected, 800, 1100);
        Assert.All(result.Backends, static backend => Assert.InRange(backend.Share, 0.33, 0.34));
    }

    [Fact]
    public void A_quota_rejects_no_probe()
    {
        var scenario = Create(rate: 20) with { Backends = [new BackendGroup { Count = 2, RateLimit = new RateLimit { Rate = 0.001, Burst = 1 } }] };
        UseProbes(scenario);

        var result = Run(scenario);

        Assert.InRange(result.Rejected, 400, 800);
        Assert.All(result.Backends, static backend => Assert.InRange(backend.Share, 0.3, 0.7));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.0001, false)]
    public void A_probe_fails_with_the_probability_of_a_request(double probability, bool isNoticed)
    {
        var scenario = Create() with
        {
            Backends = [new BackendGroup { Count = 2 }],
            Changes = [Error(500) with { At = TimeSpan.Zero, Probability = probability }],
        };
        UseProbes(scenario);

        Assert.Equal(isNoticed, Run(scenario).TimeToDetect is not null);
    }

    [Fact]
    public void A_strategy_learns_from_the_time_that_a_429_asks_for()
    {
        var asksForNothing = CountRejected(TimeSpan.Zero);
        var asksForHalfAMinute = CountRejected(TimeSpan.FromSeconds(30));

        Assert.InRange(asksForHalfAMinute, 1, asksForNothing / 2);

        // One of two backends rejects nearly everything.
        static long CountRejected(TimeSpan retryAfter)
        {
            var limit = new RateLimit { Rate = 0.001, Burst = 1, RetryAfter = retryAfter };
            var scenario = Create(rate: 20, LoadBalancingStrategies.PeakEwma) with
            {
                Duration = TimeSpan.FromMinutes(5),
                Backends = [new BackendGroup(), new BackendGroup { RateLimit = limit }],
            };
            scenario.Clients[0].Balancer.PeakEwma.FailurePenalty = TimeSpan.FromMilliseconds(100);
            return Run(scenario).Rejected;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_that_is_rejected_moves_whatever_its_method_if_the_client_takes_429_to_be_about_the_backend(bool moves)
    {
        var scenario = CreateWithMoves(moves, new BackendGroup(), new BackendGroup { RateLimit = new RateLimit { Rate = 10 } });

        var result = Run(scenario);

        Assert.InRange(result.Rejected, 5, 1500);
        Assert.Equal(moves ? 0 : result.Rejected, result.Failures);
        Assert.Equal(moves ? result.Rejected : 0, result.Moved);
    }

    [Theory]
    [InlineData(1, 25, 35)]
    [InlineData(10, 2, 5)]
    public void A_backend_that_has_rejected_a_request_gets_none_until_the_time_that_it_asked_for_is_over(int seconds, int least, int most)
    {
        // The only token is used at the start, so each request is rejected.
        var limit = new RateLimit { Rate = 0.001, Burst = 1, RetryAfter = TimeSpan.FromSeconds(seconds) };

        var result = Run(CreateWithMoves(moves: true, new BackendGroup(), new BackendGroup { RateLimit = limit }, LoadBalancingStrategies.RoundRobin));

        Assert.InRange(result.Rejected, least, most);
    }

    [Fact]
    public void A_time_in_milliseconds_is_kept_to_the_millisecond()
    {
        Assert.InRange(CountAnswered(inMilliseconds: true), 260, 310);
        Assert.InRange(CountAnswered(inMilliseconds: false), 25, 120);

        // One backend accepts a request each 100 ms, and none while it is set aside. The other one never does.
        static long CountAnswered(bool inMilliseconds)
        {
            var limit = new RateLimit { Rate = 10, Burst = 1, InMilliseconds = inMilliseconds };
            var never = new RateLimit { Rate = 0.001, Burst = 1, RetryAfter = TimeSpan.FromMinutes(1) };
            return Run(CreateWithMoves(moves: true, new BackendGroup { RateLimit = limit }, new BackendGroup { RateLimit = never })).Latency.Count;
        }
    }

    [Fact]
    public void A_client_whose_backends_all_reject_sends_nothing_until_one_of_them_has_room()
    {
        var limit = new RateLimit { Rate = 0.001, Burst = 1, RetryAfter = TimeSpan.FromSeconds(10) };

        var result = Run(CreateWithMoves(moves: true, new BackendGroup { Count = 2, RateLimit = limit }, new BackendGroup { RateLimit = limit }));

        Assert.Equal(["429", "429 without being sent"], result.FailuresByKind.Keys);
        Assert.InRange(result.Rejected, 6, 15);
        Assert.InRange(result.FailuresByKind["429 without being sent"], 2500, 3300);
    }

    [Fact]
    public void A_client_that_counts_failures_as_load_sends_little_to_a_backend_that_fails_at_times_and_more_when_it_has_recovered()
    {
        var result = Run(Create(rate: 300) with
        {
            Duration = TimeSpan.FromSeconds(60),
            Backends = [new BackendGroup { Count = 3 }],
            Changes = [Error(500) with { Probability = 0.5 }, At(30, ChangeKind.Recover)],
        });

        Assert.InRange(GetShare(from: 0, to: 10), 0.28, 0.39);
        Assert.InRange(GetShare(from: 15, to: 30), 0.001, 0.15);
        Assert.InRange(GetShare(from: 45, to: 60), 0.28, 0.39);

        double GetShare(double from, double to)
        {
            var slices = result.Timeline.Where(slice => slice.At.TotalSeconds >= from && slice.At.TotalSeconds < to).ToArray();
            return (double)slices.Sum(static slice => slice.Attempts[0]) / slices.Sum(static slice => slice.Attempts.Sum());
        }
    }

    private static BackendChange Error(int status) => At(10, ChangeKind.Error) with { Status = status };

    private static BackendChange At(double seconds, ChangeKind change) => new() { At = TimeSpan.FromSeconds(seconds), Backends = "0", Change = change };

    private static void UseProbes(Scenario scenario)
    {
        var probes = scenario.Clients[0].Balancer.ActiveHealthCheck;
        probes.Enabled = true;
        probes.Interval = probes.UnhealthyInterval = TimeSpan.FromSeconds(1);
        probes.UnhealthyThreshold = 1;
    }

    private static Scenario CreateWithMoves(bool moves, BackendGroup one, BackendGroup other, string strategy = LoadBalancingStrategies.PowerOfTwoChoices)
    {
        var scenario = Create(strategy: strategy);
        scenario.Clients[0].Balancer.Failover.Enabled = true;
        scenario.Clients[0].Balancer.Failover.MoveRejected = moves;
        return scenario with { Clients = [scenario.Clients[0] with { Idempotent = false }], Backends = [one, other] };
    }

    // One backend and one client, without failover and outlier detection.
    private static Scenario Create(double rate = 100, string strategy = LoadBalancingStrategies.PowerOfTwoChoices)
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

    private static RunResult Run(Scenario scenario) => Simulation.Run(scenario);
}
