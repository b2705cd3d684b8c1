namespace ClientSideLb.Tests;

/// <summary>What the source of an endpoint says of its health.</summary>
public sealed class HealthReportTests
{
    private const int Unhealthy = 12;
    private const int Healthy = 13;

    private readonly ClusterLab _lab = new(3);

    [Fact]
    public void An_endpoint_that_the_source_drains_gets_no_new_requests_and_finishes_those_under_way()
    {
        var lease = _lab.SendTo(0);

        List(HealthReport.Draining, 0);

        Assert.Equal((EndpointHealth.Draining, "service discovery drains it", 1), (_lab[0].Health, _lab[0].HealthReason, _lab[0].InFlight));
        Assert.Equal(0, _lab.Spread(30, 3)[0]);

        _lab.End(lease, AttemptVerdict.Success);
        List(HealthReport.None);
        Assert.Equal((EndpointHealth.Healthy, null), (_lab[0].Health, _lab[0].HealthReason));
        Assert.Equal(10, _lab.Spread(30, 3)[0]);
    }

    [Fact]
    public void A_drain_of_the_source_is_not_ended_by_hand()
    {
        List(HealthReport.Draining, 0);
        Assert.True(_lab.Cluster.TryDrain(_lab[0].Address));
        Assert.True(_lab.Cluster.TryResume(_lab[0].Address));

        Assert.Equal("service discovery drains it", _lab[0].HealthReason);
    }

    [Fact]
    public void A_drain_by_hand_outlasts_that_of_the_source()
    {
        List(HealthReport.Draining, 0);
        Assert.True(_lab.Cluster.TryDrain(_lab[0].Address));

        List(HealthReport.None);

        Assert.Equal("it was drained by hand", _lab[0].HealthReason);
    }

    [Fact]
    public void An_unhealthy_endpoint_is_out_until_the_source_says_otherwise_and_each_change_is_logged_once()
    {
        List(HealthReport.Unhealthy, 0);
        List(HealthReport.Unhealthy, 0, 1);

        Assert.Equal((EndpointHealth.Unhealthy, "service discovery says so", false), (_lab[0].Health, _lab[0].HealthReason, _lab[0].IsAvailable));
        Assert.Equal([0, 0, 30], _lab.Spread(30, 3));
        Assert.Equal(2, _lab.Logged(Unhealthy).Count);
        Assert.Empty(_lab.Logged(Healthy));

        List(HealthReport.None);

        Assert.Equal((EndpointHealth.Unknown, null, true), (_lab[0].Health, _lab[0].HealthReason, _lab[0].IsAvailable));
        Assert.Equal([10, 10, 10], _lab.Spread(30, 3));
        Assert.Equal(2, _lab.Logged(Unhealthy).Count);
        Assert.All(_lab.Logged(Healthy), static line => Assert.EndsWith("because service discovery no longer says that it is unhealthy.", line, StringComparison.Ordinal));
        Assert.Equal(2, _lab.Logged(Healthy).Count);
    }

    [Fact]
    public void An_endpoint_that_joins_as_unhealthy_gets_no_request_and_is_logged()
    {
        var lab = new ClusterLab(0);

        lab.Cluster.Update([Described(0, HealthReport.Unhealthy), Described(1, HealthReport.None)]);

        Assert.Equal([0, 10], lab.Spread(10, 2));
        Assert.Single(lab.Logged(Unhealthy));
    }

    [Fact]
    public void A_success_does_not_bring_an_unhealthy_endpoint_back()
    {
        var lease = _lab.SendTo(0);
        List(HealthReport.Unhealthy, 0);

        _lab.End(lease, AttemptVerdict.Success);
        _lab.Succeed(0, times: 10);

        Assert.Equal(EndpointHealth.Unhealthy, _lab[0].Health);
        Assert.Equal(0, _lab.Spread(30, 3)[0]);
    }

    [Fact]
    public void The_end_of_an_ejection_does_not_bring_an_unhealthy_endpoint_back()
    {
        _lab.Fail(0, times: 5);
        List(HealthReport.Unhealthy, 0);
        _lab.LetEjectionPass(0);

        Assert.Equal(0, _lab.Spread(30, 3)[0]);
    }

    [Fact]
    public void Probes_that_pass_do_not_bring_an_unhealthy_endpoint_back()
    {
        var lab = ClusterLab.Probed(2);
        lab.Probe(0, passes: false, times: 2);
        lab.Probe(1, passes: true);
        lab.Cluster.Update([Described(0, HealthReport.Unhealthy), Described(1, HealthReport.None)]);

        lab.Probe(0, passes: true, times: 2);

        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
        Assert.Empty(lab.Logged(Healthy));
    }

    [Fact]
    public void The_source_does_not_bring_an_endpoint_back_whose_probes_fail()
    {
        var lab = ClusterLab.Probed(2);
        lab.Cluster.Update([Described(0, HealthReport.Unhealthy), Described(1, HealthReport.None)]);
        lab.Probe(1, passes: true);
        lab.Probe(0, passes: false, times: 2);

        lab.List(2);

        Assert.Equal((EndpointHealth.Unhealthy, "2 probes in a row failed: it answered 500"), (lab[0].Health, lab[0].HealthReason));
        Assert.Empty(lab.Logged(Healthy));
    }

    [Fact]
    public void If_the_source_says_that_all_are_unhealthy_all_are_used_but_the_drained()
    {
        _lab.Cluster.Update([Described(0, HealthReport.Unhealthy), Described(1, HealthReport.Unhealthy), Described(2, HealthReport.Draining)]);

        Assert.True(_lab.Cluster.InPanic);
        Assert.Equal([15, 15, 0], _lab.Spread(30, 3));
        _lab.Succeed(0);
        Assert.True(_lab.Cluster.InPanic);
    }

    [Fact]
    public void An_endpoint_whose_description_changes_keeps_its_object_and_its_state()
    {
        var (endpoint, lease) = (_lab[0], _lab.SendTo(0));
        _lab.Fail(0, times: 5);

        _lab.Cluster.Update([Described(0, HealthReport.None) with { Weight = 7, Zone = "b", Priority = 1 }, .. ClusterLab.Described(1, 2)]);

        Assert.Same(endpoint, _lab[0]);
        Assert.Equal((7, "b", 1), (endpoint.Weight, endpoint.Zone, endpoint.Priority));
        Assert.Equal((EndpointHealth.Ejected, 1), (endpoint.Health, endpoint.InFlight));
        lease.Release();
    }

    [Fact]
    public void An_endpoint_that_comes_back_has_a_slow_start()
    {
        _lab.Reload(static options => options.SlowStart = TimeSpan.FromSeconds(10));
        List(HealthReport.Unhealthy, 0);

        List(HealthReport.None);

        Assert.Equal((0.1, 1), (_lab[0].EffectiveWeight, _lab[1].EffectiveWeight));
    }

    private void List(HealthReport report, params int[] reported) =>
        _lab.Cluster.Update([.. Enumerable.Range(0, 3).Select(index => Described(index, reported.Contains(index) ? report : HealthReport.None))]);

    private static EndpointDescription Described(int index, HealthReport report) => ClusterLab.Described(index)[0] with { Report = report };
}
