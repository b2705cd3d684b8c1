namespace ClientSideLb.Tests;

public sealed class AvailabilityTests
{
    [Fact]
    public void Unknown_endpoints_share_the_traffic_with_healthy_ones_without_probes()
    {
        var lab = new ClusterLab(3);

        lab.Succeed(0);

        Assert.Equal([EndpointHealth.Healthy, EndpointHealth.Unknown, EndpointHealth.Unknown], Health(lab));
        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));
    }

    [Fact]
    public void Unknown_endpoints_that_are_probed_share_the_traffic_while_none_is_healthy()
    {
        var lab = ClusterLab.Probed(3);

        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));
        Assert.False(lab.Cluster.InPanic);
    }

    [Fact]
    public void Unknown_endpoints_that_are_probed_wait_while_another_is_healthy()
    {
        var lab = ClusterLab.Probed(3);

        lab.Probe(1, passes: true);

        Assert.Equal([0, 30, 0], lab.Spread(30, 3));
        lab.Probe(2, passes: true);
        Assert.Equal([0, 15, 15], lab.Spread(30, 3));
        Assert.False(lab[0].IsAvailable);
    }

    [Fact]
    public void An_answer_to_a_request_is_as_good_as_a_passed_probe()
    {
        var lab = ClusterLab.Probed(3);
        lab.Probe(1, passes: true);

        lab.Succeed(0);

        Assert.Equal([15, 15, 0], lab.Spread(30, 3));
    }

    [Fact]
    public void The_first_passed_probe_of_an_endpoint_that_has_answered_requests_makes_unknown_ones_wait()
    {
        var lab = ClusterLab.Probed(3);
        lab.Succeed(0);
        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));

        lab.Probe(0, passes: true);

        Assert.Equal([30, 0, 0], lab.Spread(30, 3));
        Assert.False(lab[1].IsAvailable);
    }

    [Fact]
    public void Unknown_endpoints_that_are_probed_help_out_when_the_last_healthy_one_becomes_unhealthy()
    {
        var lab = ClusterLab.Probed(3);
        lab.Probe(1, passes: true);

        lab.Probe(1, passes: false, times: 2);

        Assert.Equal([15, 0, 15], lab.Spread(30, 3));
        Assert.False(lab.Cluster.InPanic);
    }

    [Fact]
    public void A_probe_that_fails_once_changes_nothing()
    {
        var lab = ClusterLab.Probed(2);
        lab.Probe(0, passes: true);
        lab.Probe(1, passes: true);

        lab.Probe(0, passes: false);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public void An_unhealthy_endpoint_comes_back_after_the_threshold_of_passed_probes()
    {
        var lab = ClusterLab.Probed(2, static options => options.ActiveHealthCheck.HealthyThreshold = 3);
        lab.Probe(1, passes: true);
        lab.Probe(0, passes: false, times: 2);

        lab.Probe(0, passes: true, times: 2);
        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
        lab.Probe(0, passes: true);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void Failures_from_before_an_endpoint_was_unhealthy_do_not_count_when_it_is_healthy_again()
    {
        var lab = ClusterLab.Probed(3);
        lab.Fail(0, times: 4);
        lab.Probe(0, passes: false, times: 2);
        lab.Probe(0, passes: true);

        lab.Fail(0, times: 4);

        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void All_endpoints_are_used_when_none_is_available()
    {
        var lab = AllUnhealthy();

        Assert.True(lab.Cluster.InPanic);
        Assert.All(lab.Spread(30, 3), static count => Assert.Equal(10, count));
        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.False(endpoint.IsAvailable));
    }

    [Fact]
    public void A_drained_endpoint_gets_no_requests_in_panic_either()
    {
        var lab = AllUnhealthy();

        lab.Cluster.TryDrain(Backends.AddressOf(1));

        Assert.True(lab.Cluster.InPanic);
        Assert.Equal([15, 0, 15], lab.Spread(30, 3));
    }

    [Fact]
    public void A_cluster_whose_endpoints_are_all_drained_has_none_to_pick_and_no_panic()
    {
        var lab = new ClusterLab(2);

        lab.Cluster.TryDrain(Backends.AddressOf(0));
        lab.Cluster.TryDrain(Backends.AddressOf(1));

        Assert.False(lab.Cluster.InPanic);
        Assert.Null(lab.Acquire());
        Assert.Null(lab.Cluster.AcquireLastResort(new PickContext(new SeededRandom(1))));
    }

    [Fact]
    public void Ejected_endpoints_are_used_when_the_last_other_one_is_drained()
    {
        var lab = new ClusterLab(2);
        lab.Fail(0, times: 5);

        lab.Cluster.TryDrain(Backends.AddressOf(1));

        Assert.True(lab.Cluster.InPanic);
        Assert.Same(lab[0], lab.Acquire()!.Endpoint);
    }

    [Fact]
    public void A_request_that_succeeds_in_panic_brings_an_ejected_endpoint_back_and_ends_the_panic()
    {
        var lab = new ClusterLab(2);
        lab.Fail(0, times: 5);
        lab.Cluster.TryDrain(Backends.AddressOf(1));

        lab.End(lab.Acquire()!, AttemptVerdict.Success);

        Assert.False(lab.Cluster.InPanic);
        Assert.True(lab[0].IsAvailable);
    }

    [Theory]
    [InlineData(0, 4, 1, false)]
    [InlineData(0, 4, 0, true)]
    [InlineData(0.5, 4, 2, false)]
    [InlineData(0.5, 4, 1, true)]
    [InlineData(0.5, 3, 2, false)]
    [InlineData(0.5, 3, 1, true)]
    [InlineData(0.55, 20, 11, false)]
    [InlineData(0.55, 20, 10, true)]
    [InlineData(0.07, 100, 7, false)]
    [InlineData(1, 4, 4, false)]
    [InlineData(1, 4, 3, true)]
    public void Panic_begins_below_the_threshold_and_not_at_it(double threshold, int endpoints, int available, bool panic)
    {
        var lab = ClusterLab.Probed(endpoints, options => options.PanicThreshold = threshold);

        Show(lab, endpoints, available);

        Assert.Equal(panic, lab.Cluster.InPanic);
        Assert.Equal(panic ? endpoints : available, lab.Spread(10 * endpoints, endpoints).Count(static count => count > 0));
    }

    [Fact]
    public void Drained_endpoints_do_not_count_in_the_share_that_is_available()
    {
        var lab = ClusterLab.Probed(4, static options => options.PanicThreshold = 0.5);
        Show(lab, endpoints: 4, available: 1);
        Assert.True(lab.Cluster.InPanic);

        lab.Cluster.TryDrain(Backends.AddressOf(2));
        lab.Cluster.TryDrain(Backends.AddressOf(3));

        Assert.False(lab.Cluster.InPanic);
    }

    [Fact]
    public void The_log_says_that_panic_began_and_that_it_is_over()
    {
        var lab = AllUnhealthy();

        Assert.Contains("0 of 3", Assert.Single(lab.Logged(eventId: 14)), StringComparison.Ordinal);
        Assert.Empty(lab.Logged(eventId: 15));

        lab.Probe(2, passes: true);
        lab.Probe(1, passes: true);

        Assert.Contains("1 of 3", Assert.Single(lab.Logged(eventId: 15)), StringComparison.Ordinal);
        Assert.Single(lab.Logged(eventId: 14));
    }

    [Fact]
    public void The_log_says_once_that_an_endpoint_is_unhealthy_and_once_that_it_is_healthy_again()
    {
        var lab = ClusterLab.Probed(2);
        lab.Probe(1, passes: true);
        lab.Probe(0, passes: false, times: 4);
        lab.Probe(0, passes: true, times: 2);

        Assert.Single(lab.Logged(eventId: 12));
        Assert.Single(lab.Logged(eventId: 13));
    }

    [Fact]
    public void Requests_for_https_only_have_a_panic_of_their_own()
    {
        var lab = ClusterLab.Probed(0);
        lab.Cluster.Update([Backends.Described("http://10.1.0.1:8080/"), Backends.Described("https://10.9.0.2/")]);
        var https = lab.Cluster.Endpoints[1];
        lab.Probe(0, passes: true);
        lab.Cluster.ObserveProbe(https, passes: false, lab.Time.GetTimestamp());
        lab.Cluster.ObserveProbe(https, passes: false, lab.Time.GetTimestamp());

        Assert.False(lab.Cluster.InPanic);
        Assert.Same(https, lab.Acquire(httpsOnly: true)!.Endpoint);
        Assert.Same(lab[0], lab.Acquire()!.Endpoint);
    }

    [Theory]
    [InlineData(true, true, true, true, EndpointHealth.Draining)]
    [InlineData(false, true, true, true, EndpointHealth.Unhealthy)]
    [InlineData(false, false, true, true, EndpointHealth.Ejected)]
    [InlineData(false, false, false, false, EndpointHealth.Unknown)]
    [InlineData(false, false, false, true, EndpointHealth.Healthy)]
    [InlineData(true, false, false, true, EndpointHealth.Draining)]
    [InlineData(false, true, false, false, EndpointHealth.Unhealthy)]
    public void Health_shows_the_strongest_of_several_states(bool drained, bool unhealthy, bool ejected, bool answered, EndpointHealth expected)
    {
        var lab = ClusterLab.Probed(3);
        if (answered)
        {
            lab.Succeed(0);
        }

        if (ejected)
        {
            lab.Succeed(1);
            lab.Succeed(2);
            lab.Fail(0, times: 5);
        }

        if (unhealthy)
        {
            lab.Probe(0, passes: false, times: 2);
        }

        if (drained)
        {
            lab.Cluster.TryDrain(Backends.AddressOf(0));
        }

        Assert.Equal(expected, lab[0].Health);
    }

    [Fact]
    public void The_last_resort_is_any_endpoint_that_is_out_but_never_a_drained_or_a_tried_one()
    {
        var lab = new ClusterLab(4);
        lab.Fail(0, times: 5);
        lab.Cluster.TryDrain(Backends.AddressOf(1));

        for (var seed = 0; seed < 20; seed++)
        {
            var context = new PickContext(new SeededRandom(seed), excluded: [lab[2], lab[3]]);
            var lease = lab.Cluster.AcquireLastResort(in context)!;
            Assert.Same(lab[0], lease.Endpoint);
            Assert.False(lease.IsTrial);
            lease.Release();
        }

        Assert.Null(lab.Cluster.AcquireLastResort(new PickContext(new SeededRandom(1), excluded: [lab[0], lab[2], lab[3]])));
    }

    [Fact]
    public void The_last_resort_is_as_likely_to_be_one_endpoint_that_is_out_as_any_other()
    {
        var lab = ClusterLab.Probed(3);
        Show(lab, endpoints: 3, available: 0);

        var chances = EveryDraw.Outcomes(random => lab.Cluster.AcquireLastResort(new PickContext(random))!.Endpoint);

        Assert.Equal(3, chances.Count);
        Assert.All(chances.Values, static chance => Assert.Equal(1.0 / 3, chance, precision: 9));
    }

    private static ClusterLab AllUnhealthy()
    {
        var lab = ClusterLab.Probed(3);
        Show(lab, endpoints: 3, available: 0);
        return lab;
    }

    // The passed probes come first, so that there is no panic in between.
    private static void Show(ClusterLab lab, int endpoints, int available)
    {
        for (var i = 0; i < endpoints; i++)
        {
            lab.Probe(i, passes: true);
        }

        for (var i = available; i < endpoints; i++)
        {
            lab.Probe(i, passes: false, times: 2);
        }
    }

    private static IEnumerable<EndpointHealth> Health(ClusterLab lab) => lab.Cluster.Endpoints.Select(static endpoint => endpoint.Health);
}
