namespace ClientSideLb.Tests;

public sealed class ClusterEndpointTests
{
    [Theory]
    [InlineData("ftp://10.0.0.1/")]
    [InlineData("http://user:secret@10.0.0.1/")]
    [InlineData("http://10.0.0.1/?x=1")]
    [InlineData("http://10.0.0.1/#top")]
    [InlineData("orders")]
    public void An_address_that_is_no_endpoint_s_is_refused(string address)
    {
        var fault = Assert.Throws<ArgumentException>(() => new ClusterEndpoint(new Uri(address, UriKind.RelativeOrAbsolute)));

        Assert.Equal("address", fault.ParamName);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_weight_out_of_range_is_refused(int weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(weight), () => new ClusterEndpoint(new Uri("http://10.0.0.1"), weight));

    [Fact]
    public void An_endpoint_of_weight_0_is_draining()
    {
        var endpoint = Backends.At("http://10.0.0.1", weight: 0);

        Assert.False(endpoint.IsAvailable);
        Assert.Equal(EndpointHealth.Draining, endpoint.Health);
    }

    [Fact]
    public void Health_is_unknown_until_the_first_answer_and_a_drain_outweighs_it()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        Assert.Equal(EndpointHealth.Unknown, endpoint.Health);

        endpoint.Record.HasAnswered = true;
        endpoint.SetState(endpoint.Record.CreateState(isAvailable: true));
        Assert.Equal(EndpointHealth.Healthy, endpoint.Health);

        endpoint.Record.DrainReason = "the test drained it";
        endpoint.SetState(endpoint.Record.CreateState(isAvailable: false));
        Assert.Equal((EndpointHealth.Draining, "the test drained it"), (endpoint.Health, endpoint.HealthReason));
    }

    [Fact]
    public void The_latency_shows_the_wait_of_a_slow_request_although_later_ones_were_answered_before_it()
    {
        var lab = new ClusterLab(1);
        var slow = lab.Acquire()!;
        lab.Advance(seconds: 0.002);
        lab.End(lab.Acquire()!, AttemptVerdict.Success);

        lab.Advance(seconds: 0.8);
        lab.End(slow, AttemptVerdict.Success);

        Assert.InRange(lab[0].Latency!.Value.TotalMilliseconds, 100, 101);
    }

    [Fact]
    public void The_latency_counts_every_request_of_a_burst_and_not_only_the_one_that_met_the_shortest_queue()
    {
        var lab = new ClusterLab(1);
        var burst = Enumerable.Range(0, 32).Select(_ => lab.Acquire()!).ToList();

        foreach (var lease in burst)
        {
            lab.Advance(seconds: 0.01);
            lab.End(lease, AttemptVerdict.Success);
        }

        Assert.InRange(lab[0].Latency!.Value.TotalMilliseconds, 200, 320);
    }

    [Fact]
    public void Attempts_that_time_out_raise_the_latency()
    {
        var lab = new ClusterLab(2, static options => options.OutlierDetection.Enabled = false);
        lab.Succeed(0);

        for (var i = 0; i < 10; i++)
        {
            var lease = lab.SendTo(0);
            lab.Advance(seconds: 0.1);
            lab.End(lease, AttemptVerdict.Failure);
        }

        Assert.InRange(lab[0].Latency!.Value.TotalMilliseconds, 50, 100);
    }

    [Fact]
    public void A_failure_that_comes_at_once_does_not_lower_the_latency()
    {
        var lab = new ClusterLab(2, static options => options.OutlierDetection.Enabled = false);
        var lease = lab.SendTo(0);
        lab.Advance(seconds: 0.1);
        lab.End(lease, AttemptVerdict.Success);
        var before = lab[0].Latency;

        lab.Fail(0, times: 20);

        Assert.Equal(before, lab[0].Latency);
    }

    [Fact]
    public void A_lease_is_released_once_however_many_threads_ask_for_it()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        var leases = Enumerable.Range(0, 3_000).Select(_ => new EndpointLease(endpoint, started: 0)).ToArray();
        var kept = new EndpointLease(endpoint, started: 0);
        Assert.Equal(leases.Length + 1, endpoint.InFlight);
        var arrived = 0;

        Concurrently.Run(2, _ =>
        {
            for (var i = 0; i < leases.Length; i++)
            {
                // In step, so that both release the same lease at the same moment.
                Interlocked.Increment(ref arrived);
                var spin = default(SpinWait);
                while (Volatile.Read(ref arrived) < 2 * (i + 1))
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                leases[i].Release();
            }
        });

        Assert.Equal(1, endpoint.InFlight);
        kept.Release();
        Assert.Equal(0, endpoint.InFlight);
    }

    [Fact]
    public void Who_waits_for_idle_is_told_at_once_where_nothing_is_in_flight_and_else_after_the_last_request()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        var told = 0;
        void Tell(ClusterEndpoint idle) => told++;
        endpoint.CallWhenIdle(Tell);
        Assert.Equal(1, told);

        endpoint.AddInFlight();
        endpoint.AddInFlight();
        endpoint.RemoveInFlight();
        Assert.Equal(1, told);
        endpoint.RemoveInFlight();
        Assert.Equal(2, told);

        endpoint.RemoveIdleCallback(Tell);
        endpoint.AddInFlight();
        endpoint.RemoveInFlight();
        Assert.Equal(2, told);
    }
}
