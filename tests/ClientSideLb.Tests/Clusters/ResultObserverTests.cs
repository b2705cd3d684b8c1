namespace ClientSideLb.Tests;

public sealed class ResultObserverTests
{
    [Fact]
    public void The_latency_counts_a_slow_request_although_later_ones_were_answered_before_it()
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
    public void The_latency_counts_every_request_of_a_burst()
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
}
