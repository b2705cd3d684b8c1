namespace ClientSideLb.Tests;

/// <summary>The reason why an endpoint is out, and the end of its ejection.</summary>
public sealed class HealthReasonTests
{
    private readonly ClusterLab _lab = new(3);

    [Fact]
    public void A_working_endpoint_has_neither_a_reason_nor_the_end_of_an_ejection()
    {
        Assert.Equal((EndpointHealth.Unknown, null, null), Read());

        _lab.Succeed(0);

        Assert.Equal((EndpointHealth.Healthy, null, null), Read());
    }

    [Fact]
    public void The_reason_names_failures_in_a_row() => AssertEjected("5 requests in a row failed", () => _lab.Fail(0, times: 5));

    [Fact]
    public void The_reason_names_bodies_that_break_off() => AssertEjected("5 response bodies in a row broke off", () => _lab.BreakOff(0, times: 5));

    [Fact]
    public void The_reason_names_a_failure_rate() => AssertEjected("50 % or more of its requests failed", () =>
    {
        for (var i = 0; i < 10; i++)
        {
            _lab.Succeed(0);
            _lab.Fail(0);
        }
    });

    [Fact]
    public void The_reason_names_requests_without_an_answer() => AssertEjected("5 requests in a row got no answer", () =>
    {
        var leases = Enumerable.Range(0, 5).Select(_ => _lab.SendTo(0)).ToList();
        _lab.Advance(seconds: 2);
        leases.ForEach(lease => _lab.End(lease, AttemptVerdict.Abandoned));
    });

    [Fact]
    public void The_reason_names_Retry_After() =>
        AssertEjected("it asked for a pause with Retry-After", () => _lab.End(_lab.SendTo(0), AttemptVerdict.Failure, setAside: TimeSpan.FromSeconds(30)));

    [Fact]
    public void A_trial_that_failed_gives_a_new_reason_and_a_later_end()
    {
        _lab.Fail(0, times: 5);
        var first = _lab[0].EjectedUntil;
        _lab.LetEjectionPass(0);

        _lab.End(_lab.Acquire()!, AttemptVerdict.Failure);

        Assert.Equal("its trial request failed", _lab[0].HealthReason);
        Assert.True(_lab[0].EjectedUntil > first);
    }

    [Fact]
    public void EjectedUntil_is_the_time_of_the_trial()
    {
        _lab.Fail(0, times: 5);

        var left = _lab[0].EjectedUntil - _lab.Time.GetUtcNow();

        Assert.NotNull(left);
        _lab.Advance(left.Value.TotalSeconds - 0.001);
        Assert.False(_lab.Acquire()!.IsTrial);
        _lab.Advance(0.002);
        Assert.True(_lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void An_endpoint_that_has_come_back_has_no_reason_any_more()
    {
        _lab.Fail(0, times: 5);
        _lab.LetEjectionPass(0);

        _lab.End(_lab.Acquire()!, AttemptVerdict.Success);

        Assert.Equal((EndpointHealth.Healthy, null, null), Read());
    }

    [Fact]
    public void The_reason_names_failed_probes()
    {
        _lab.Reload(static options => options.ActiveHealthCheck.Enabled = true);

        _lab.Probe(0, passes: false);
        Assert.Null(_lab[0].HealthReason);
        _lab.Probe(0, passes: false);

        Assert.Equal((EndpointHealth.Unhealthy, "2 probes in a row failed: it answered 500", null), Read());
    }

    [Fact]
    public void The_reason_names_a_drain_by_hand_before_an_ejection()
    {
        _lab.Fail(0, times: 5);

        Assert.True(_lab.Cluster.TryDrain(_lab[0].Address));
        Assert.Equal((EndpointHealth.Draining, "it was drained by hand"), (_lab[0].Health, _lab[0].HealthReason));

        Assert.True(_lab.Cluster.TryResume(_lab[0].Address));
        Assert.Equal((EndpointHealth.Ejected, "5 requests in a row failed"), (_lab[0].Health, _lab[0].HealthReason));
    }

    [Fact]
    public void The_reason_names_a_weight_of_zero() => Assert.Equal("its weight is 0", new ClusterEndpoint(new Uri("http://10.0.0.1"), weight: 0).HealthReason);

    [Fact]
    public void The_reason_says_that_an_endpoint_is_no_longer_listed()
    {
        var endpoint = _lab[0];
        _ = _lab.SendTo(0);

        _lab.List(1, 2);

        Assert.Equal("it is no longer listed", endpoint.HealthReason);
    }

    private void AssertEjected(string reason, Action fail)
    {
        fail();

        Assert.Equal((EndpointHealth.Ejected, reason), (_lab[0].Health, _lab[0].HealthReason));
        Assert.True(_lab[0].EjectedUntil > _lab.Time.GetUtcNow());
    }

    private (EndpointHealth Health, string? Reason, DateTimeOffset? Until) Read() =>
        (_lab[0].Health, _lab[0].HealthReason, _lab[0].EjectedUntil);
}
