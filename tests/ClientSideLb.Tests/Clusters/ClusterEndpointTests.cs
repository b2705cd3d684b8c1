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

        endpoint.ObserveWorking();
        Assert.Equal(EndpointHealth.Healthy, endpoint.Health);

        endpoint.DrainReason = "of a test";
        Assert.Equal(EndpointHealth.Draining, endpoint.Health);
    }

    [Fact]
    public void Latency_is_a_moving_average_in_which_each_answer_weighs_an_eighth()
    {
        var endpoint = Backends.At("http://10.0.0.1");
        Assert.Null(endpoint.Latency);

        endpoint.ObserveLatency(TimeSpan.FromMilliseconds(80).Ticks);
        Assert.Equal(TimeSpan.FromMilliseconds(80), endpoint.Latency);
        endpoint.ObserveLatency(TimeSpan.FromMilliseconds(160).Ticks);
        Assert.Equal(TimeSpan.FromMilliseconds(90), endpoint.Latency);
        endpoint.ObserveLatency(TimeSpan.FromMilliseconds(10).Ticks);
        Assert.Equal(TimeSpan.FromMilliseconds(80), endpoint.Latency);
    }

    [Fact]
    public void Of_the_requests_of_one_period_the_first_is_timed()
    {
        var endpoint = Backends.At("http://10.0.0.1");

        Assert.Equal([true, false, false, true, false], new[] { 100, 100, 109, 110, 119 }.Select(now => endpoint.TryBeginTiming(now, period: 10)));
    }

    [Fact]
    public void A_slow_request_counts_in_the_latency_although_a_later_one_was_answered_before_it()
    {
        var lab = new ClusterLab(1);
        var slow = lab.Acquire()!;
        lab.Advance(seconds: 0.002);
        lab.End(lab.Acquire()!, Verdict.Success);

        lab.Advance(seconds: 0.8);
        lab.End(slow, Verdict.Success);

        Assert.InRange(lab[0].Latency!.Value.TotalMilliseconds, 100, 101);
    }

    [Fact]
    public void Of_requests_that_began_in_the_same_millisecond_the_first_gives_the_latency()
    {
        var lab = new ClusterLab(1);
        var (first, second) = (lab.Acquire()!, lab.Acquire()!);

        lab.Advance(seconds: 0.5);
        lab.End(second, Verdict.Success);
        Assert.Null(lab[0].Latency);

        lab.Advance(seconds: 0.3);
        lab.End(first, Verdict.Success);
        Assert.InRange(lab[0].Latency!.Value.TotalMilliseconds, 800, 801);
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
        endpoint.OnIdle(Tell);
        Assert.Equal(1, told);

        endpoint.AddInFlight();
        endpoint.AddInFlight();
        endpoint.RemoveInFlight();
        Assert.Equal(1, told);
        endpoint.RemoveInFlight();
        Assert.Equal(2, told);

        endpoint.RemoveOnIdle(Tell);
        endpoint.AddInFlight();
        endpoint.RemoveInFlight();
        Assert.Equal(2, told);
    }
}
