namespace ClientSideLb.Tests;

public sealed class ClusterTrialTests
{
    [Fact]
    public void An_ejected_endpoint_gets_no_request_before_its_time_is_over()
    {
        var lab = Ejected();
        lab.Advance(seconds: 9.99);

        Assert.NotSame(lab[0], lab.Acquire()!.Endpoint);
    }

    [Fact]
    public void The_first_request_after_the_ejection_is_its_trial_and_later_ones_are_not()
    {
        var lab = Due();

        var trial = lab.Acquire()!;

        Assert.True(trial.IsTrial);
        Assert.Same(lab[0], trial.Endpoint);
        Assert.Equal(1, lab[0].InFlight);
        Assert.All(Enumerable.Range(0, 50).Select(_ => lab.Acquire()!), lease => Assert.NotSame(lab[0], lease.Endpoint));
    }

    [Fact]
    public void A_trial_that_succeeds_brings_the_endpoint_back()
    {
        var lab = Due();

        lab.End(lab.Acquire()!, AttemptVerdict.Success);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
        Assert.False(lab.Acquire()!.IsTrial);
    }

    [Theory]
    [InlineData(AttemptVerdict.Failure)]
    [InlineData(AttemptVerdict.Refused)]
    public void A_trial_that_fails_keeps_the_endpoint_out_for_longer(object verdict)
    {
        var lab = Due();

        lab.End(lab.Acquire()!, (AttemptVerdict)verdict);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        lab.Advance(seconds: 19.99);
        Assert.NotSame(lab[0], lab.Acquire()!.Endpoint);
        lab.LetEjectionPass(0);
        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Theory]
    [InlineData(AttemptVerdict.Abandoned)]
    [InlineData(AttemptVerdict.Neutral)]
    public void A_trial_without_a_verdict_is_given_to_the_next_request(object verdict)
    {
        var lab = Due();

        lab.End(lab.Acquire()!, (AttemptVerdict)verdict);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void A_trial_that_is_cancelled_after_the_wait_has_failed()
    {
        var lab = Due();
        var trial = lab.Acquire()!;
        lab.Advance(seconds: 30);

        lab.End(trial, AttemptVerdict.Abandoned);

        Assert.False(lab.Acquire()!.IsTrial);
        lab.Advance(seconds: 19.99);
        Assert.False(lab.Acquire()!.IsTrial);
        lab.LetEjectionPass(0);
        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Theory]
    [InlineData(AttemptVerdict.Success)]
    [InlineData(AttemptVerdict.Failure)]
    public void Retry_After_in_the_answer_to_a_trial_ejects_the_endpoint_for_that_long(object verdict)
    {
        var lab = Due();

        lab.End(lab.Acquire()!, (AttemptVerdict)verdict, answered: true, setAside: TimeSpan.FromSeconds(45));

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        lab.Advance(seconds: 44.99);
        Assert.NotSame(lab[0], lab.Acquire()!.Endpoint);
        lab.LetEjectionPass(0);
        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void Retry_After_in_the_answer_to_a_trial_has_an_upper_bound()
    {
        var lab = Due();

        lab.End(lab.Acquire()!, AttemptVerdict.Failure, answered: true, setAside: TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromMinutes(5), lab.EjectionTime(0));
    }

    [Fact]
    public void A_request_that_cannot_be_sent_again_is_the_trial_if_no_other_has_come_for_ten_seconds()
    {
        var lab = Due();

        Assert.False(lab.Acquire(replayable: false)!.IsTrial);
        lab.Advance(seconds: 9.99);
        Assert.False(lab.Acquire(replayable: false)!.IsTrial);
        lab.Advance(seconds: 0.1);

        Assert.True(lab.Acquire(replayable: false)!.IsTrial);
    }

    [Fact]
    public void A_request_that_has_failed_elsewhere_is_not_used_as_a_trial()
    {
        var lab = Due();

        var lease = lab.Acquire(excluded: [lab[1]])!;

        Assert.False(lease.IsTrial);
        Assert.Same(lab[2], lease.Endpoint);
    }

    [Fact]
    public void A_request_for_https_only_is_not_used_as_a_trial_of_an_http_endpoint()
    {
        var lab = new ClusterLab(0);
        lab.Cluster.Update([Backends.Described("http://10.1.0.1:8080/"), Backends.Described("https://10.9.0.2/"), Backends.Described("https://10.9.0.3/")]);
        lab.Fail(0, times: 5);
        lab.LetEjectionPass(0);

        Assert.False(lab.Acquire(httpsOnly: true)!.IsTrial);
        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void Each_of_two_ejected_endpoints_has_a_trial_of_its_own()
    {
        var lab = new ClusterLab(4);
        lab.Fail(0, times: 5);
        lab.Fail(1, times: 5);
        lab.Advance(seconds: 20);

        var (first, second, third) = (lab.Acquire()!, lab.Acquire()!, lab.Acquire()!);

        Assert.True(first.IsTrial && second.IsTrial && !third.IsTrial);
        Assert.NotSame(first.Endpoint, second.Endpoint);
    }

    [Fact]
    public void A_drained_endpoint_gets_no_trial_until_it_is_resumed()
    {
        var lab = Due();
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        Assert.False(lab.Acquire()!.IsTrial);

        lab.Cluster.TryResume(Backends.AddressOf(0));

        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void An_endpoint_whose_probes_fail_gets_no_trial_until_one_passes()
    {
        var lab = ClusterLab.Probed(3);
        var straggler = lab.Time.GetTimestamp();
        lab.Fail(0, times: 5);
        lab.Probe(0, passes: false, times: 2);
        lab.Advance(seconds: 60);
        Assert.False(lab.Acquire()!.IsTrial);

        // This probe was sent before the ejection. It makes the endpoint healthy, but only a trial ends the ejection.
        lab.Cluster.ObserveProbe(lab[0], passes: true, straggler);

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void A_probe_that_was_sent_after_the_ejection_brings_the_endpoint_back_at_once()
    {
        var lab = ClusterLab.Probed(3);
        lab.Fail(0, times: 5);

        lab.Probe(0, passes: true);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void A_failed_trial_does_not_eject_an_endpoint_that_a_probe_has_brought_back()
    {
        var lab = ClusterLab.Probed(3);
        lab.Fail(0, times: 5);
        lab.LetEjectionPass(0);
        var trial = lab.Acquire()!;
        lab.Probe(0, passes: true);

        lab.End(trial, AttemptVerdict.Failure);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public void The_end_of_an_earlier_ejection_s_trial_does_not_allow_a_second_trial()
    {
        var lab = ClusterLab.Probed(3);
        lab.Succeed(1);
        lab.Succeed(2);
        lab.Fail(0, times: 5);
        lab.LetEjectionPass(0);
        var old = lab.Acquire()!;
        lab.Probe(0, passes: true);
        lab.Fail(0, times: 5);
        lab.LetEjectionPass(0);
        var trial = lab.Acquire()!;
        Assert.True(trial.IsTrial);

        lab.End(old, AttemptVerdict.Neutral);

        Assert.False(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void A_trial_that_ends_while_the_endpoint_is_not_listed_is_given_to_the_next_request()
    {
        var lab = Due();
        var trial = lab.Acquire()!;
        lab.List(1, 2);
        lab.Cluster.Observe(trial, AttemptVerdict.Neutral, isAnswered: true);

        lab.List(1, 2, 0);
        trial.Release();

        Assert.True(lab.Acquire()!.IsTrial);
    }

    [Fact]
    public void An_endpoint_that_leaves_and_comes_back_while_its_trial_runs_keeps_that_one_trial()
    {
        var lab = Due();
        var trial = lab.Acquire()!;
        lab.List(1, 2);
        lab.List(1, 2, 0);
        Assert.False(lab.Acquire()!.IsTrial);

        lab.End(trial, AttemptVerdict.Success);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public void One_of_many_threads_that_come_together_gets_the_trial()
    {
        for (var round = 0; round < 20; round++)
        {
            var lab = Due();
            var trials = 0;

            Concurrently.Run(4, _ =>
            {
                if (lab.Cluster.Acquire(new PickContext(new SeededRandom(1)), new EndpointNeeds(HttpsOnly: false, IsReplayable: true)) is { IsTrial: true })
                {
                    Interlocked.Increment(ref trials);
                }
            });

            Assert.Equal(1, trials);
        }
    }

    private static ClusterLab Ejected()
    {
        var lab = new ClusterLab(3);
        lab.Fail(0, times: 5);
        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        return lab;
    }

    private static ClusterLab Due()
    {
        var lab = Ejected();
        lab.LetEjectionPass(0);
        return lab;
    }
}
