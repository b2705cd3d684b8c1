using System.Net;
using System.Net.Http.Headers;

namespace ClientSideLb.Tests;

public sealed class PeakEwmaStrategyTests
{
    private static readonly HttpRequestMessage Request = new(HttpMethod.Get, "http://api/orders");

    private readonly PeakEwmaStrategy _strategy = new();

    [Fact]
    public void The_faster_of_two_distinct_endpoints_wins_and_all_pairs_are_equally_likely()
    {
        var endpoints = Backends.Equal(4);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [30, 10, 40, 20]);

        AssertChances(picker, endpoints, [1, 3, 0, 2]);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void The_latency_counts_times_the_requests_in_flight_and_one(int inFlight, bool wins)
    {
        var endpoints = Backends.Loaded([1, 1], [inFlight, 0]);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10, 55]);

        AssertChances(picker, endpoints, wins ? [1, 0] : [0, 1]);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void The_latency_counts_for_the_weight(int heavyInFlight, bool wins)
    {
        var endpoints = Backends.Loaded([6, 1], [heavyInFlight, 0]);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10.1, 11]);

        AssertChances(picker, endpoints, wins ? [1, 0] : [0, 1]);
    }

    [Fact]
    public void An_endpoint_in_slow_start_counts_for_its_lower_weight()
    {
        var endpoints = Backends.Equal(2);
        endpoints[0].SetState(new EndpointState(EndpointHealth.Unknown, healthReason: null, ejectedUntil: null, isAvailable: true) { SlowStartPercent = 10 });
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10, 99]);
        AssertChances(picker, endpoints, [0, 1], now: Seconds(0));

        Answer(picker, endpoints[1], 101, at: 0);
        AssertChances(picker, endpoints, [1, 0], now: Seconds(0));
    }

    [Fact]
    public void Thousands_of_requests_in_flight_count_too()
    {
        var endpoints = Backends.Loaded([1, 1], [3_000, 1_000]);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10, 29]);
        AssertChances(picker, endpoints, [0, 1]);

        Answer(picker, endpoints[1], 31, at: 0);
        AssertChances(picker, endpoints, [1, 0]);
    }

    [Fact]
    public void Endpoints_of_equal_load_are_equally_likely()
    {
        var endpoints = Backends.Equal(3);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10, 10, 10]);

        AssertChances(picker, endpoints, [1, 1, 1]);
    }

    [Fact]
    public void An_excluded_endpoint_loses_however_fast_it_is()
    {
        var endpoints = Backends.Equal(3);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [1, 20, 30]);

        Spread.AssertChances(endpoints, [0, 2, 1], random => picker.Pick(new PickContext(random, excluded: endpoints[..1])));
    }

    [Fact]
    public void An_endpoint_that_was_slow_is_tried_again_after_some_time()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints[0], 1_000, at: 0);

        // ln(1,000 ÷ 10) is 4.6 decay times.
        for (var second = 0; second <= 46; second++)
        {
            Answer(picker, endpoints[1], 10, second);
            Assert.Same(endpoints[1], Pick(picker, second));
        }

        Answer(picker, endpoints[1], 10, at: 47);
        Assert.Same(endpoints[0], Pick(picker, 47));
    }

    [Fact]
    public void After_a_pause_the_order_is_as_before()
    {
        var endpoints = Backends.Equal(3);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10, 500, 20]);

        AssertChances(picker, endpoints, [2, 0, 1], now: TimeSpan.FromDays(3));
    }

    [Fact]
    public void After_a_pause_an_endpoint_that_hangs_does_not_get_all_requests()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [10, 15]);

        // The first one answers after the pause, so the other's estimate is far below. The other does not answer.
        Answer(picker, endpoints[0], 10, at: 300);
        Assert.Same(endpoints[1], Pick(picker, 300));
        endpoints[1].AddInFlight();

        for (var i = 0; i < 100; i++)
        {
            Assert.Same(endpoints[0], Pick(picker, 300.1));
        }
    }

    [Fact]
    public void After_a_pause_the_first_answer_of_an_endpoint_is_its_estimate()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [500, 15]);
        Answer(picker, endpoints[0], 500, at: 300);
        Assert.Same(endpoints[1], Pick(picker, 300));

        Answer(picker, endpoints[1], 20, at: 300.02);

        Assert.Equal(20, ReadMilliseconds(endpoints[1], 300.02), tolerance: 0.01);
    }

    [Fact]
    public void An_endpoint_that_has_not_answered_counts_with_the_default_latency()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints, new PeakEwmaOptions { DefaultLatency = TimeSpan.FromMilliseconds(50) });

        Answer(picker, endpoints[0], 49, at: 0);
        AssertChances(picker, endpoints, [1, 0]);

        Answer(picker, endpoints[0], 51, at: 0);
        AssertChances(picker, endpoints, [0, 1]);
    }

    [Fact]
    public void An_endpoint_that_has_not_answered_is_tried_although_all_others_are_faster_than_the_default()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);

        // ln(30 ÷ 3) is 2.3 decay times.
        for (var second = 0; second <= 23; second++)
        {
            Answer(picker, endpoints[0], 3, second);
            Assert.Same(endpoints[0], Pick(picker, second));
        }

        Answer(picker, endpoints[0], 3, at: 24);
        Assert.Same(endpoints[1], Pick(picker, 24));
    }

    [Fact]
    public void An_endpoint_that_has_not_answered_gets_one_request_at_a_time()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints[0], 100, at: 0);
        Assert.Same(endpoints[1], Pick(picker, 0));
        endpoints[1].AddInFlight();

        // With the default latency, it would get three at a time.
        Assert.Same(endpoints[0], Pick(picker, 0));

        Answer(picker, endpoints[1], 20, at: 1);
        Assert.Same(endpoints[1], Pick(picker, 1));
    }

    [Fact]
    public void Endpoints_none_of_which_has_answered_are_kept_in_balance()
    {
        var endpoints = Backends.Equal(10);
        var picker = Create(endpoints);
        var random = new SeededRandom(11);
        for (var i = 0; i < 200; i++)
        {
            picker.Pick(new PickContext(random))!.AddInFlight();
        }

        Assert.All(endpoints, static endpoint => Assert.InRange(endpoint.InFlight, 16, 24));
    }

    [Fact]
    public void An_endpoint_that_has_only_failed_loses_to_one_that_has_many_requests_and_has_not_answered()
    {
        var endpoints = Backends.Loaded([1, 1], [0, 50]);
        var picker = Create(endpoints);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Response = new HttpResponseMessage(HttpStatusCode.InternalServerError) });

        AssertChances(picker, endpoints, [0, 1]);
    }

    [Theory]
    [InlineData(AttemptVerdict.Failure, HttpStatusCode.ServiceUnavailable)]
    [InlineData(AttemptVerdict.Failure, HttpStatusCode.OK)]
    [InlineData(AttemptVerdict.Failure, null)]
    [InlineData(AttemptVerdict.Refused, null)]
    [InlineData(AttemptVerdict.Success, HttpStatusCode.InternalServerError)]
    [InlineData(AttemptVerdict.Success, HttpStatusCode.NotImplemented)]
    [InlineData(AttemptVerdict.Success, HttpStatusCode.TooManyRequests)]
    public void A_failed_attempt_counts_as_the_failure_penalty(AttemptVerdict verdict, HttpStatusCode? status)
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Verdict = verdict, Response = status is { } code ? new HttpResponseMessage(code) : null });

        Assert.Equal(5_000, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void The_failure_penalty_can_be_set()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints, new PeakEwmaOptions { FailurePenalty = TimeSpan.FromSeconds(2) });

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Verdict = AttemptVerdict.Refused });

        Assert.Equal(2_000, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void A_failed_attempt_that_took_longer_than_the_penalty_counts_as_long_as_it_took()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 7_000) with { Verdict = AttemptVerdict.Failure, Response = null, Exception = new TimeoutException() });

        Assert.Equal(7_000, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, false)]
    [InlineData(2, false)]
    [InlineData(8, true)]
    [InlineData(13, true)]
    [InlineData(15, true)]
    public void A_grpc_status_in_the_headers_counts_as_its_http_status(int status, bool isFailure)
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://api/") { Content = new ByteArrayContent([]) };
        var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = new("application/grpc");
        response.Headers.Add("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Request = request, Response = response });

        // 4 and 14 are failures by their verdict already, but not if the application's own rule says otherwise.
        Assert.Equal(isFailure || status == 4 ? 5_000 : 1, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Theory]
    [InlineData(60, 60_000)]
    [InlineData(2, 5_000)]
    [InlineData(3_600, 300_000)]
    public void A_retry_after_counts_if_it_asks_for_more_up_to_five_minutes(int seconds, double expected)
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Response = response });

        Assert.Equal(expected, ReadMilliseconds(endpoints[0], 0), tolerance: 0.01);
    }

    [Theory]
    [InlineData(true, 60, 60_000)]
    [InlineData(true, -60, 5_000)]
    [InlineData(false, 60, 5_000)]
    public void A_retry_after_with_a_date_is_read_by_the_clock_of_the_server(bool hasDate, int seconds, double expected)
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        var date = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.Date = hasDate ? date : null;
        response.Headers.RetryAfter = new RetryConditionHeaderValue(date.AddSeconds(seconds));

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Verdict = AttemptVerdict.Failure, Response = response });

        Assert.Equal(expected, ReadMilliseconds(endpoints[0], 0), tolerance: 0.01);
    }

    [Fact]
    public void A_retry_after_on_a_good_answer_does_not_count()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        var response = new HttpResponseMessage(HttpStatusCode.Accepted);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(60));

        picker.OnAttemptEnded(ResultOf(endpoints[0], 12) with { Response = response });

        Assert.Equal(12, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void A_cancelled_request_is_a_lower_bound_and_nothing_else()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [50, 50]);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 2) with { Verdict = AttemptVerdict.Abandoned, Response = null });
        Assert.Equal(50, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 80) with { Verdict = AttemptVerdict.Abandoned, Response = null });
        Assert.Equal(80, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void A_cancelled_request_does_not_make_an_endpoint_look_fast_that_has_not_answered()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 1) with { Verdict = AttemptVerdict.Abandoned, Response = null });

        Assert.Equal(30, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void A_result_that_is_not_the_endpoint_s_does_not_count()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints, [50, 50]);

        picker.OnAttemptEnded(ResultOf(endpoints[0], 900) with { Verdict = AttemptVerdict.Neutral, Response = null });

        Assert.Equal(50, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void An_upgrade_does_not_count_but_shows_that_the_endpoint_answers()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints[0], 100, at: 0);
        Assert.Same(endpoints[1], Pick(picker, 0));
        endpoints[1].AddInFlight();

        picker.OnAttemptEnded(ResultOf(endpoints[1], 60_000) with { Response = new HttpResponseMessage(HttpStatusCode.SwitchingProtocols) });

        Assert.Equal(30, ReadMilliseconds(endpoints[1], 0), tolerance: 0.001);
        Assert.Same(endpoints[1], Pick(picker, 0));
    }

    [Theory]
    [InlineData("http://api/other", 40)]
    [InlineData("http://10.1.0.1:8080/other", 40)]
    [InlineData("http://elsewhere/other", 30)]
    public void An_answer_of_another_host_after_a_redirect_does_not_count(string final, double expected)
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        using var redirected = new HttpRequestMessage(HttpMethod.Get, final);
        var response = new HttpResponseMessage { RequestMessage = redirected };

        picker.OnAttemptEnded(ResultOf(endpoints[0], 40) with { Response = response, IsRedirected = true });

        Assert.Equal(expected, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void A_failure_of_another_host_after_a_redirect_does_not_count()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        using var redirected = new HttpRequestMessage(HttpMethod.Get, "http://elsewhere/");
        var response = new HttpResponseMessage(HttpStatusCode.InternalServerError) { RequestMessage = redirected };

        picker.OnAttemptEnded(ResultOf(endpoints[0], 40) with { Response = response, IsRedirected = true });

        Assert.Equal(30, ReadMilliseconds(endpoints[0], 0), tolerance: 0.001);
    }

    [Fact]
    public void What_was_learnt_belongs_to_the_endpoint()
    {
        var endpoints = Backends.Equal(3);
        Answer(Create(endpoints), endpoints, [30, 10, 20]);

        AssertChances(Create(endpoints), endpoints, [0, 2, 1]);
    }

    [Fact]
    public void What_was_learnt_outlives_a_change_of_the_decay_time_and_pickers_of_both_go_on_learning()
    {
        var endpoints = Backends.Equal(2);
        var before = Create(endpoints);
        Answer(before, endpoints, [30, 10]);
        var after = Create(endpoints, new PeakEwmaOptions { DecayTime = TimeSpan.FromSeconds(1) });
        AssertChances(after, endpoints, [0, 1]);

        Answer(before, endpoints[1], 40, at: 0);
        AssertChances(before, endpoints, [1, 0]);
        AssertChances(after, endpoints, [0, 1]);

        Answer(after, endpoints[1], 50, at: 0);
        AssertChances(after, endpoints, [1, 0]);
    }

    [Fact]
    public void The_decay_time_can_be_set()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints, new PeakEwmaOptions { DecayTime = TimeSpan.FromSeconds(1) });
        Answer(picker, endpoints, [40, 10]);

        // ln(40 ÷ 10) is 1.4 decay times.
        Answer(picker, endpoints[1], 10, at: 1.3);
        Assert.Same(endpoints[1], Pick(picker, 1.3));
        Answer(picker, endpoints[1], 10, at: 1.5);
        Assert.Same(endpoints[0], Pick(picker, 1.5));
    }

    [Fact]
    public void Learning_from_a_result_allocates_nothing()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        AttemptResult[] results =
        [
            ResultOf(endpoints[0], 10),
            ResultOf(endpoints[0], 20),
            ResultOf(endpoints[1], 10) with { Verdict = AttemptVerdict.Abandoned, Response = null },
            ResultOf(endpoints[1], 10) with { Verdict = AttemptVerdict.Failure, Response = new HttpResponseMessage(HttpStatusCode.BadGateway) },
        ];
        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
            {
                picker.OnAttemptEnded(results[i % results.Length] with { EndedAt = TimeSpan.FromMilliseconds(i) });
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure();

        Assert.Equal(0, Measure());
    }

    [Fact]
    public void The_estimate_that_a_pick_compares_is_shown()
    {
        var endpoints = Backends.Equal(3);
        var picker = Create(endpoints);
        Answer(picker, endpoints[0], 40, at: 0);
        picker.OnAttemptEnded(ResultOf(endpoints[1], 1) with { Response = new HttpResponseMessage(HttpStatusCode.InternalServerError) });

        Assert.Equal(40, ShowMilliseconds(picker, endpoints[0], at: 0));
        Assert.Equal(5_000, ShowMilliseconds(picker, endpoints[1], at: 0));
        Assert.Null(ShowMilliseconds(picker, endpoints[2], at: 0));
        Assert.Equal(40 / Math.E, ShowMilliseconds(picker, endpoints[0], at: 10)!.Value, tolerance: 0.001);
    }

    [Fact]
    public void The_estimate_that_is_shown_has_the_decay_time_of_the_options()
    {
        var endpoints = Backends.Equal(1);
        Answer(Create(endpoints), endpoints[0], 40, at: 0);

        var slower = Create(endpoints, new PeakEwmaOptions { DecayTime = TimeSpan.FromSeconds(100) });

        Assert.Equal(40 / Math.E, ShowMilliseconds(slower, endpoints[0], at: 100)!.Value, tolerance: 0.001);
    }

    [Fact]
    public void To_show_an_estimate_does_not_change_it()
    {
        var endpoints = Backends.Equal(2);
        var picker = Create(endpoints);
        Answer(picker, endpoints[0], 40, at: 0);
        for (var second = 0; second < 20; second++)
        {
            ShowMilliseconds(picker, endpoints[0], second);
            ShowMilliseconds(picker, endpoints[1], second);
        }

        // As if nobody had looked: the answer weighs by the 10 s since the one before, and the other endpoint begins to decay with its first pick.
        Answer(picker, endpoints[0], 10, at: 10);
        Pick(picker, 20);
        Assert.Equal((40 / Math.E) + (10 * (1 - (1 / Math.E))), ShowMilliseconds(picker, endpoints[0], at: 10)!.Value, tolerance: 0.001);
        Assert.Equal(30, ShowMilliseconds(picker, endpoints[1], at: 20)!.Value, tolerance: 0.001);
    }

    [Fact]
    public void To_show_an_estimate_allocates_nothing()
    {
        var endpoints = Backends.Equal(1);
        var picker = Create(endpoints);
        Answer(picker, endpoints[0], 40, at: 0);
        ShowMilliseconds(picker, endpoints[0], at: 0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            ShowMilliseconds(picker, endpoints[0], at: 0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Threads_pick_and_learn_at_the_same_time()
    {
        const int Threads = 8;
        var endpoints = Backends.Equal(10);
        var picker = Create(endpoints);
        var picks = new int[Threads][];
        var clock = 0;
        TimeSpan ReadClock() => TimeSpan.FromMilliseconds(10 * Interlocked.Increment(ref clock));

        // The first endpoint is a hundred times slower than the others, and the second one fails. All threads share one clock.
        Concurrently.Run(Threads, thread =>
        {
            var random = new SeededRandom(thread);
            var counts = picks[thread] = new int[endpoints.Length];
            for (var i = 0; i < 36_000; i++)
            {
                var pick = picker.Pick(new PickContext(random, now: ReadClock()))!;
                var index = Array.IndexOf(endpoints, pick);
                counts[index]++;
                pick.AddInFlight();
                picker.OnAttemptEnded(ResultOf(pick, index == 0 ? 1_000 : 10 + random.Next(3)) with
                {
                    Verdict = index == 1 ? AttemptVerdict.Refused : AttemptVerdict.Success,
                    EndedAt = ReadClock(),
                });
                pick.RemoveInFlight();
            }
        });

        var total = Enumerable.Range(0, endpoints.Length).Select(index => picks.Sum(counts => counts[index])).ToArray();
        Assert.All(total[..2], count => Assert.InRange(count, 1, total.Sum() / 20));
        Assert.All(total[2..], count => Assert.InRange(count, total.Sum() / 30, total.Sum() / 3));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static AttemptResult ResultOf(ClusterEndpoint endpoint, double milliseconds) => new()
    {
        Endpoint = endpoint,
        Request = Request,
        Response = new HttpResponseMessage(),
        Verdict = AttemptVerdict.Success,
        Duration = TimeSpan.FromMilliseconds(milliseconds),
    };

    private static void Answer(EndpointPicker picker, ClusterEndpoint[] endpoints, double[] milliseconds)
    {
        for (var i = 0; i < endpoints.Length; i++)
        {
            Answer(picker, endpoints[i], milliseconds[i], at: 0);
        }
    }

    private static void Answer(EndpointPicker picker, ClusterEndpoint endpoint, double milliseconds, double at) =>
        picker.OnAttemptEnded(ResultOf(endpoint, milliseconds) with { EndedAt = Seconds(at) });

    private static ClusterEndpoint? Pick(EndpointPicker picker, double at) => picker.Pick(new PickContext(new FixedRandom(0), now: Seconds(at)));

    private static void AssertChances(EndpointPicker picker, ClusterEndpoint[] endpoints, int[] weights, TimeSpan now = default) =>
        Spread.AssertChances(endpoints, weights, random => picker.Pick(new PickContext(random, now: now)));

    private static double? ShowMilliseconds(EndpointPicker picker, ClusterEndpoint endpoint, double at) =>
        picker.GetLatencyEstimate(endpoint, Seconds(at))?.TotalMilliseconds;

    private static double ReadMilliseconds(ClusterEndpoint endpoint, double at) =>
        PeakEstimates.Of(endpoint, PeakEwmaSettings.Default.DecayTime).Read(Seconds(at)).TotalMilliseconds;

    private EndpointPicker Create(ClusterEndpoint[] endpoints, PeakEwmaOptions? options = null) => _strategy.CreatePicker(
        new EndpointSet(
            endpoints,
            endpoints,
            new SeededRandom(1),
            StrategySettings.Default with { PeakEwma = (options ?? new PeakEwmaOptions()).ToSettings() },
            previousPicker: null));
}
