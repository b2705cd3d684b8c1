using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.Tests;

public sealed class HangDetectorTests
{
    private readonly ClusterLab _lab = new(3);

    [Fact]
    public void An_endpoint_that_answers_none_of_five_requests_is_ejected_while_they_wait()
    {
        Answer(0, 1, 2);
        Wait(0, requests: 5);

        AdvanceBy(1);
        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
        AdvanceBy(0.25);

        Assert.Equal(EndpointHealth.Ejected, _lab[0].Health);
        Assert.Equal("several requests wait for it without an answer", _lab[0].HealthReason);
        Assert.Equal(1, _lab.Count(EndpointHealth.Ejected));
    }

    [Fact]
    public void An_endpoint_that_has_never_answered_is_ejected_if_others_have()
    {
        Answer(1, 2);
        Wait(0, requests: 5);

        AdvanceBy(2);

        Assert.Equal(EndpointHealth.Ejected, _lab[0].Health);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Fewer_requests_must_wait_longer(int requests, int seconds)
    {
        Answer(0, 1, 2);
        Wait(0, requests);

        AdvanceBy(seconds);
        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
        AdvanceBy(0.5);

        Assert.Equal(EndpointHealth.Ejected, _lab[0].Health);
    }

    [Fact]
    public void Nobody_is_ejected_before_it_is_known_how_long_answers_take()
    {
        // A service of long polls, one of which has been answered.
        AnswerOnce(1);
        Wait(0, requests: 5);

        AdvanceBy(60);

        Assert.Equal(EndpointHealth.Unknown, _lab[0].Health);
    }

    [Fact]
    public void One_request_that_waits_is_no_hang()
    {
        Answer(0, 1, 2);
        Wait(0, requests: 1);

        AdvanceBy(60);

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void Endpoints_that_all_answer_nothing_are_not_ejected()
    {
        Answer(0, 1, 2);
        Wait(0, requests: 5);
        Wait(1, requests: 5);
        Wait(2, requests: 5);

        AdvanceBy(60);

        Assert.Equal(0, _lab.Count(EndpointHealth.Ejected));
    }

    [Fact]
    public void An_endpoint_that_answers_others_meanwhile_is_not_ejected()
    {
        Answer(0, 1, 2);
        Wait(0, requests: 5);

        for (var i = 0; i < 60; i++)
        {
            AdvanceBy(0.75);
            Answer(0);
        }

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void An_endpoint_that_sends_bytes_meanwhile_is_not_ejected()
    {
        Answer(0, 1, 2);
        Wait(0, requests: 5);

        for (var i = 0; i < 60; i++)
        {
            AdvanceBy(0.75);
            _lab[0].Failures.ObserveSignOfLife();
        }

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void An_endpoint_with_long_polls_beside_fast_calls_is_not_ejected_when_only_long_polls_are_left()
    {
        Answer(1, 2);
        for (var i = 0; i < 10; i++)
        {
            Answer(0);
        }

        AnswerAfter(0, seconds: 20, requests: 5);
        Wait(0, requests: 5);

        AdvanceBy(20);

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void An_endpoint_that_is_usually_slow_is_ejected_after_a_wait_that_is_longer_than_usual()
    {
        AnswerOnce(1);
        AnswerAfter(0, seconds: 4, requests: 10);
        Wait(0, requests: 5);

        AdvanceBy(7);
        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
        AdvanceBy(8);

        Assert.Equal(EndpointHealth.Ejected, _lab[0].Health);
    }

    [Fact]
    public void A_new_endpoint_may_take_as_long_as_the_others()
    {
        AnswerAfter(1, seconds: 4, requests: 10);
        AnswerOnce(2);
        Wait(0, requests: 5);

        AdvanceBy(7);

        Assert.Equal(EndpointHealth.Unknown, _lab[0].Health);
    }

    [Fact]
    public void Requests_that_end_in_time_are_not_taken_for_one_long_wait()
    {
        Answer(0, 1, 2);
        for (var i = 0; i < 60; i++)
        {
            var leases = Wait(0, requests: 5);
            AdvanceBy(0.5);
            foreach (var lease in leases)
            {
                // The callers change their minds early.
                lease.EndWait();
                lease.Release();
            }
        }

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void Without_outlier_detection_no_endpoint_is_ejected()
    {
        _lab.Reload(static options => options.OutlierDetection.Enabled = false);
        Answer(0, 1, 2);
        Wait(0, requests: 5);

        AdvanceBy(60);

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void The_last_available_endpoint_is_not_ejected()
    {
        Answer(0, 1, 2);
        _lab.Refuse(1, times: 5);
        _lab.Refuse(2, times: 5);
        Assert.Equal(2, _lab.Count(EndpointHealth.Ejected));
        Wait(0, requests: 5);

        AdvanceBy(5);

        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void A_wait_in_which_this_process_stood_still_does_not_count()
    {
        Answer(0, 1, 2);
        var leases = Wait(0, requests: 5);

        _lab.Advance(3);
        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);

        // Their time limits run out, too, before their answers can be read.
        leases.ForEach(lease => _lab.End(lease, AttemptVerdict.Abandoned));
        Assert.Equal(EndpointHealth.Healthy, _lab[0].Health);
    }

    [Fact]
    public void Requests_given_up_while_this_process_stands_still_do_not_count()
    {
        var time = new StandingTime();
        var cluster = new Cluster("client", "api", ClusterSettings.Of(new LoadBalancingOptions(), new RoundRobinStrategy(), time), time, new SeededRandom(1), listeners: []);
        cluster.List("http://10.0.0.1/", "http://10.0.0.2/");
        var leases = Enumerable.Range(0, 10).Select(_ => cluster.Acquire()!).ToList();
        leases.ForEach(static lease => lease.BeginWait());

        // The time limits of the requests run out before a timer of the detector runs.
        time.Passed = TimeSpan.FromSeconds(3);
        leases.ForEach(lease => cluster.Observe(lease, AttemptVerdict.Abandoned, isAnswered: false));

        Assert.All(cluster.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
    }

    [Fact]
    public void Nothing_runs_while_no_request_waits()
    {
        var time = new CountingTime();
        var cluster = new Cluster("client", "api", ClusterSettings.Of(new LoadBalancingOptions(), new RoundRobinStrategy(), time), time, new SeededRandom(1), listeners: []);
        cluster.List("http://10.0.0.1/", "http://10.0.0.2/");
        var lease = cluster.Acquire()!;
        lease.BeginWait();
        lease.EndWait();
        lease.Release();
        var before = time.Readings;
        time.Advance(TimeSpan.FromSeconds(1));
        var afterwards = time.Readings;

        time.Advance(TimeSpan.FromSeconds(60));

        Assert.True(afterwards > before);
        Assert.Equal(afterwards, time.Readings);
    }

    [Fact]
    public void Each_trial_of_an_endpoint_that_still_hangs_is_later_than_the_one_before()
    {
        Answer(0, 1, 2);
        Wait(0, requests: 5);
        AdvanceBy(1.25);
        _lab.LetEjectionPass(0);

        var trials = 0;
        for (var i = 0; i < 60; i++)
        {
            if (_lab.Acquire() is { IsTrial: true } trial)
            {
                trial.BeginWait();
                trials++;
            }

            AdvanceBy(1);
        }

        // After 0, 1, 3, 7, 15 and 31 seconds.
        Assert.Equal(6, trials);
    }

    private void Answer(params int[] indexes)
    {
        foreach (var index in indexes)
        {
            // As many answers as it takes to know what is usual.
            for (var i = 0; i < AnswerTimes.MinimumAnswers; i++)
            {
                AnswerOnce(index);
            }
        }
    }

    private void AnswerOnce(int index)
    {
        var lease = _lab.SendTo(index);
        lease.BeginWait();
        lease.EndWait();
        _lab.End(lease, AttemptVerdict.Success);
    }

    private void AnswerAfter(int index, double seconds, int requests)
    {
        var leases = Enumerable.Range(0, requests).Select(_ => _lab.SendTo(index)).ToList();
        AdvanceBy(seconds);
        foreach (var lease in leases)
        {
            lease.BeginWait();
            lease.EndWait();
            _lab.End(lease, AttemptVerdict.Success);
        }
    }

    private List<EndpointLease> Wait(int index, int requests)
    {
        var leases = Enumerable.Range(0, requests).Select(_ => _lab.SendTo(index)).ToList();
        leases.ForEach(static lease => lease.BeginWait());
        return leases;
    }

    // The clock moves on in steps, so that a timer that is started again runs again.
    private void AdvanceBy(double seconds)
    {
        for (var passed = 0.0; passed < seconds; passed += 0.25)
        {
            _lab.Advance(0.25);
        }
    }

    private sealed class CountingTime : FakeTimeProvider
    {
        internal int Readings { get; private set; }

        public override long GetTimestamp()
        {
            Readings++;
            return base.GetTimestamp();
        }
    }

    /// <summary>Time that passes without a timer running.</summary>
    private sealed class StandingTime : FakeTimeProvider
    {
        internal TimeSpan Passed { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + Passed.Ticks;
    }
}
