namespace ClientSideLb.Tests;

public sealed class OutlierDetectorTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void An_endpoint_that_fails_five_times_in_a_row_is_ejected_and_gets_no_requests(int endpoints)
    {
        var lab = new ClusterLab(endpoints);

        lab.Fail(0, times: 4);
        Assert.True(lab[0].IsAvailable);
        lab.Fail(0);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        Assert.False(lab[0].IsAvailable);
        Assert.False(lab.Cluster.InPanic);
        Assert.Equal(0, lab.Spread(100, endpoints)[0]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(10, 5)]
    public void Half_of_the_endpoints_that_all_fail_are_ejected_but_at_least_one_and_never_the_last(int endpoints, int ejected)
    {
        var lab = new ClusterLab(endpoints);

        FailInTurns(lab, endpoints, AttemptVerdict.Failure);

        Assert.Equal(ejected, lab.Count(EndpointHealth.Ejected));
        Assert.Equal(endpoints - ejected, lab.Cluster.Endpoints.Count(static endpoint => endpoint.IsAvailable));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void All_but_one_of_the_endpoints_that_all_refuse_connections_are_ejected(int endpoints)
    {
        var lab = new ClusterLab(endpoints);

        FailInTurns(lab, endpoints, AttemptVerdict.Refused);

        Assert.Equal(endpoints - 1, lab.Count(EndpointHealth.Ejected));
        Assert.Single(lab.Cluster.Endpoints, static endpoint => endpoint.IsAvailable);
    }

    [Fact]
    public void An_endpoint_whose_bodies_break_off_five_times_in_a_row_is_ejected()
    {
        var lab = new ClusterLab(3);

        lab.BreakOff(0, times: 4);
        Assert.True(lab[0].IsAvailable);
        lab.BreakOff(0);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void Broken_bodies_of_requests_from_before_an_ejection_do_not_count_after_the_return()
    {
        var lab = new ClusterLab(3);
        var old = Enumerable.Range(0, 5).Select(_ => lab.SendTo(0)).ToList();
        lab.Fail(0, times: 5);
        lab.LetEjectionPass(0);
        lab.End(Assert.IsType<EndpointLease>(lab.Acquire()), AttemptVerdict.Success);
        Assert.True(lab[0].IsAvailable);

        old.ForEach(lease => lab.Cluster.ObserveBody(lease, AttemptVerdict.Failure));

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void Bodies_that_break_late_are_not_judged_by_the_window_in_which_their_headers_came()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.ConsecutiveFailures = 100);
        var bodies = ReceiveHeaders(lab, times: 20);

        lab.Advance(seconds: 60);
        bodies.ForEach(lease => lab.Cluster.ObserveBody(lease, AttemptVerdict.Failure));

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void Bodies_that_break_late_count_in_the_window_in_which_they_break()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.ConsecutiveFailures = 100);
        var bodies = ReceiveHeaders(lab, times: 10);
        lab.Advance(seconds: 60);
        lab.Succeed(0, times: 19);

        // The rate is half of the requests of the window.
        bodies.ForEach(lease => lab.Cluster.ObserveBody(lease, AttemptVerdict.Failure));
        Assert.True(lab[0].IsAvailable);
        lab.Fail(0);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void Broken_bodies_eject_no_endpoint_without_outlier_detection()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.Enabled = false);

        lab.BreakOff(0, times: 20);

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void An_outlier_that_exceeded_the_ratio_is_ejected_when_another_has_come_back()
    {
        var lab = new ClusterLab(3);
        lab.Fail(0, times: 5);
        lab.Fail(1, times: 5);
        Assert.True(lab[1].IsAvailable);

        lab.LetEjectionPass(0);
        lab.End(lab.Acquire()!, AttemptVerdict.Success);
        lab.Fail(1);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.Equal(EndpointHealth.Ejected, lab[1].Health);
    }

    [Fact]
    public void A_drained_endpoint_counts_as_out()
    {
        var lab = new ClusterLab(3);
        lab.Cluster.TryDrain(Backends.AddressOf(0));

        lab.Fail(1, times: 5);

        Assert.True(lab[1].IsAvailable);
    }

    [Fact]
    public void An_unhealthy_endpoint_counts_as_out()
    {
        var lab = ClusterLab.Probed(3);
        lab.Probe(1, passes: true);
        lab.Probe(2, passes: true);
        lab.Probe(0, passes: false, times: 2);

        lab.Fail(1, times: 5);

        Assert.True(lab[1].IsAvailable);
    }

    [Theory]
    [InlineData(0.4, 2)]
    [InlineData(0.8, 4)]
    [InlineData(1, 4)]
    [InlineData(0, 1)]
    public void The_option_sets_the_ratio_of_ejected_endpoints(double ratio, int ejected)
    {
        var lab = new ClusterLab(5, options => options.OutlierDetection.MaxEjectionRatio = ratio);

        FailInTurns(lab, 5, AttemptVerdict.Failure);

        Assert.Equal(ejected, lab.Count(EndpointHealth.Ejected));
    }

    [Fact]
    public void An_endpoint_that_fails_every_other_time_is_ejected_by_its_failure_rate()
    {
        var lab = new ClusterLab(3);

        for (var i = 0; i < 9; i++)
        {
            lab.Succeed(0);
            lab.Fail(0);
        }

        Assert.True(lab[0].IsAvailable);
        lab.Succeed(0);
        lab.Fail(0);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void The_first_ejection_lasts_ten_seconds()
    {
        var lab = new ClusterLab(2);

        lab.Fail(0, times: 5);

        Assert.Equal(TimeSpan.FromSeconds(10), lab.EjectionTime(0));
    }

    [Theory]
    [InlineData(0.0, 9.0)]
    [InlineData(0.999999, 11.0)]
    public void The_time_of_an_ejection_varies_by_a_tenth(double random, double seconds)
    {
        var lab = new ClusterLab(2, random: new FixedRandom(random));

        lab.Fail(0, times: 5);

        Assert.Equal(seconds, lab.EjectionTime(0).TotalSeconds, precision: 4);
    }

    [Fact]
    public void Failures_of_requests_that_were_under_way_do_not_make_the_ejection_longer()
    {
        var lab = new ClusterLab(2);
        var stragglers = Enumerable.Range(0, 10).Select(_ => lab.SendTo(0)).ToList();
        lab.Fail(0, times: 5);
        var until = lab[0].Record.Ejection.Until;

        stragglers.ForEach(straggler => lab.End(straggler, AttemptVerdict.Failure));

        Assert.Equal(until, lab[0].Record.Ejection.Until);
    }

    [Fact]
    public void A_success_of_a_request_sent_before_the_ejection_does_not_bring_the_endpoint_back()
    {
        var lab = new ClusterLab(2);
        var straggler = lab.SendTo(0);
        lab.Fail(0, times: 5);

        lab.End(straggler, AttemptVerdict.Success);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void A_success_of_a_request_sent_after_the_ejection_brings_the_endpoint_back()
    {
        var lab = new ClusterLab(2);
        lab.Fail(0, times: 5);

        lab.Succeed(0);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void Failures_of_requests_sent_before_the_ejection_do_not_count_after_the_return()
    {
        var lab = new ClusterLab(2);
        var stragglers = Enumerable.Range(0, 20).Select(_ => lab.SendTo(0)).ToList();
        lab.Fail(0, times: 5);
        lab.Succeed(0);

        stragglers.ForEach(straggler => lab.End(straggler, AttemptVerdict.Failure));
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        lab.Fail(0, times: 4);
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);

        lab.Fail(0);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void A_thousand_requests_cancelled_by_their_callers_before_the_wait_is_over_are_no_failures()
    {
        var lab = new ClusterLab(2);
        for (var i = 0; i < 1000; i++)
        {
            var lease = lab.SendTo(0);
            lab.Advance(seconds: 0.9);
            lab.End(lease, AttemptVerdict.Abandoned);
        }

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void Requests_cancelled_after_the_wait_eject_an_endpoint_that_hangs()
    {
        var lab = new ClusterLab(2);

        Hang(lab, times: 4);
        Assert.True(lab[0].IsAvailable);
        Hang(lab, times: 1);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void An_endpoint_that_answers_in_between_does_not_hang()
    {
        var lab = new ClusterLab(2);
        for (var i = 0; i < 10; i++)
        {
            Hang(lab, times: 4);
            lab.End(lab.SendTo(0), AttemptVerdict.Neutral, answered: true);
        }

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void An_endpoint_that_answers_another_request_meanwhile_does_not_hang()
    {
        var lab = new ClusterLab(2);
        var waiting = Enumerable.Range(0, 10).Select(_ => lab.SendTo(0)).ToArray();
        lab.Advance(seconds: 1.5);
        lab.End(lab.SendTo(0), AttemptVerdict.Neutral, answered: true);

        lab.Advance(seconds: 0.5);
        Array.ForEach(waiting, lease => lab.End(lease, AttemptVerdict.Abandoned));

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void An_endpoint_that_has_answered_nothing_since_soon_after_the_requests_were_sent_hangs()
    {
        var lab = new ClusterLab(2);
        var waiting = Enumerable.Range(0, 10).Select(_ => lab.SendTo(0)).ToArray();
        lab.End(lab.SendTo(0), AttemptVerdict.Neutral, answered: true);

        lab.Advance(seconds: 2);
        Array.ForEach(waiting, lease => lab.End(lease, AttemptVerdict.Abandoned));

        Assert.False(lab[0].IsAvailable);
    }

    [Fact]
    public void Answers_that_take_longer_than_the_window_count_in_the_rate_when_they_come()
    {
        var lab = new ClusterLab(2);
        var slow = Enumerable.Range(0, 30).Select(_ =>
        {
            lab.Advance(seconds: 0.002);
            return lab.Acquire(excluded: lab[1])!;
        }).ToArray();

        lab.Advance(seconds: 12);
        Array.ForEach(slow, lease => lab.End(lease, AttemptVerdict.Success));
        for (var i = 0; i < 6; i++)
        {
            lab.Fail(0, times: 4);
            Assert.True(lab[0].IsAvailable);
            lab.Succeed(0);
        }
    }

    [Fact]
    public void An_attempt_that_ended_for_reasons_of_the_caller_does_not_count()
    {
        var lab = new ClusterLab(2);
        for (var i = 0; i < 100; i++)
        {
            lab.End(lab.SendTo(0), AttemptVerdict.Neutral);
        }

        Assert.Equal(EndpointHealth.Unknown, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(60, 60)]
    [InlineData(100_000, 300)]
    public void Retry_After_ejects_an_endpoint_for_as_long_as_it_asks_up_to_the_maximum(double asked, double seconds)
    {
        var lab = new ClusterLab(2);

        lab.End(lab.SendTo(0), AttemptVerdict.Success, setAside: TimeSpan.FromSeconds(asked));

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        Assert.Equal(TimeSpan.FromSeconds(seconds), lab.EjectionTime(0));
    }

    [Fact]
    public void A_passed_probe_does_not_shorten_the_time_that_an_endpoint_asked_for()
    {
        var lab = ClusterLab.Probed(2);
        lab.End(lab.SendTo(0), AttemptVerdict.Failure, answered: true, setAside: TimeSpan.FromSeconds(30));

        lab.Advance(20);
        lab.Probe(0, passes: true);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);

        lab.Advance(10);
        lab.Probe(0, passes: true);
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public void Retry_After_of_all_endpoints_leaves_as_many_available_as_the_ratio_demands()
    {
        var lab = new ClusterLab(5);
        for (var i = 0; i < 5; i++)
        {
            lab.End(lab.SendTo(i), AttemptVerdict.Failure, answered: true, setAside: TimeSpan.FromSeconds(30));
        }

        Assert.Equal(3, lab.Cluster.Endpoints.Count(static endpoint => endpoint.IsAvailable));
    }

    [Fact]
    public void Each_ejection_in_a_row_is_longer_than_the_one_before()
    {
        var lab = new ClusterLab(2);
        var seconds = new List<double>();
        lab.Fail(0, times: 5);
        for (var i = 0; i < 4; i++)
        {
            seconds.Add(lab.EjectionTime(0).TotalSeconds);
            lab.LetEjectionPass(0);
            lab.End(lab.Acquire()!, AttemptVerdict.Failure);
        }

        Assert.Equal([10, 20, 30, 40], seconds);
    }

    [Fact]
    public void No_endpoint_is_ejected_without_outlier_detection()
    {
        var lab = new ClusterLab(3, static options => options.OutlierDetection.Enabled = false);

        lab.Fail(0, times: 100);
        lab.Refuse(1, times: 100);
        lab.End(lab.SendTo(2), AttemptVerdict.Success, setAside: TimeSpan.FromSeconds(10));
        Hang(lab, times: 20);

        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Ejected_endpoints_come_back_when_outlier_detection_is_switched_off(int endpointsThen)
    {
        var lab = new ClusterLab(3);
        lab.Fail(0, times: 5);

        lab.Reload(static options => options.OutlierDetection.Enabled = false);
        lab.List(endpointsThen);

        Assert.NotEqual(EndpointHealth.Ejected, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
        Assert.True(lab.Spread(30, endpointsThen)[0] > 0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Unhealthy_endpoints_come_back_when_probes_are_switched_off(int endpointsThen)
    {
        var lab = ClusterLab.Probed(3);
        lab.Probe(1, passes: true);
        lab.Probe(0, passes: false, times: 2);
        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);

        lab.Reload(static options => options.ActiveHealthCheck.Enabled = false);
        lab.List(endpointsThen);

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void An_ejected_endpoint_that_is_leaving_while_outlier_detection_is_switched_off_is_not_out_when_it_returns()
    {
        var lab = new ClusterLab(3);
        var running = lab.SendTo(0);
        lab.Fail(0, times: 5);
        lab.List(1, 2);

        lab.Reload(static options => options.OutlierDetection.Enabled = false);
        lab.List(3);

        Assert.Same(running.Endpoint, lab[0]);
        Assert.True(lab[0].IsAvailable);
        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));
    }

    [Fact]
    public void An_unhealthy_endpoint_that_is_leaving_while_probes_are_switched_off_is_not_out_when_it_returns()
    {
        var lab = ClusterLab.Probed(3);
        lab.Probe(1, passes: true);
        var running = lab.SendTo(0);
        lab.Probe(0, passes: false, times: 2);
        lab.List(1, 2);

        lab.Reload(static options => options.ActiveHealthCheck.Enabled = false);
        lab.List(3);

        Assert.Same(running.Endpoint, lab[0]);
        Assert.True(lab[0].IsAvailable);
        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));
    }

    [Fact]
    public void A_reload_that_leaves_outlier_detection_on_leaves_ejected_endpoints_out()
    {
        var lab = new ClusterLab(3);
        lab.Fail(0, times: 5);

        lab.Reload(static options => options.OutlierDetection.BaseEjectionTime = TimeSpan.FromSeconds(60));

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
    }

    [Fact]
    public void New_settings_hold_for_the_next_ejection()
    {
        var lab = new ClusterLab(3);
        lab.Reload(static options =>
        {
            options.OutlierDetection.ConsecutiveFailures = 2;
            options.OutlierDetection.BaseEjectionTime = TimeSpan.FromSeconds(60);
        });

        lab.Fail(0, times: 2);

        Assert.Equal(TimeSpan.FromSeconds(60), lab.EjectionTime(0));
    }

    [Fact]
    public void The_log_says_which_endpoint_was_ejected_for_how_long_and_why()
    {
        var lab = new ClusterLab(3);

        lab.Fail(1, times: 5);

        var line = Assert.Single(lab.Logged(eventId: 10));
        Assert.Contains($"{Backends.AddressOf(1).GetLeftPart(UriPartial.Authority)} ejected for 10 s", line, StringComparison.Ordinal);
        Assert.Contains("5 requests in a row failed", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_says_that_an_endpoint_asked_for_a_pause()
    {
        var lab = new ClusterLab(3);

        lab.End(lab.SendTo(1), AttemptVerdict.Success, setAside: TimeSpan.FromSeconds(7));

        var line = Assert.Single(lab.Logged(eventId: 10));
        Assert.Contains("for 7 s", line, StringComparison.Ordinal);
        Assert.Contains("Retry-After", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_says_that_an_endpoint_is_back_by_a_request()
    {
        var lab = new ClusterLab(3);
        lab.Fail(1, times: 5);

        lab.Succeed(1);

        Assert.Single(lab.Logged(eventId: 11));
    }

    [Fact]
    public void The_log_says_that_an_endpoint_is_back_by_a_probe()
    {
        var lab = ClusterLab.Probed(3);
        lab.Fail(1, times: 5);

        lab.Probe(1, passes: true);

        Assert.Single(lab.Logged(eventId: 11));
    }

    // The endpoints fail in turns, so that the cap decides which are ejected, and not the order.
    private static void FailInTurns(ClusterLab lab, int endpoints, AttemptVerdict verdict)
    {
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < endpoints; i++)
            {
                lab.End(lab.SendTo(i), verdict);
            }
        }
    }

    // The bodies are still under way.
    private static List<EndpointLease> ReceiveHeaders(ClusterLab lab, int times)
    {
        var leases = Enumerable.Range(0, times).Select(_ => lab.SendTo(0)).ToList();
        leases.ForEach(lease => lab.End(lease, AttemptVerdict.Success));
        return leases;
    }

    private static void Hang(ClusterLab lab, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var lease = lab.SendTo(0);
            lab.Advance(seconds: 100);
            lab.End(lease, AttemptVerdict.Abandoned);
        }
    }
}
