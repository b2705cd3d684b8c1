using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests;

public sealed class HealthProberTests
{
    [Theory]
    [InlineData(0.001, 0.001)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.999, 0.999)]
    public async Task The_first_probe_comes_within_a_second_at_a_random_moment(double random, double seconds)
    {
        using var lab = new ProberLab(1, random: random);

        Assert.Equal(seconds, (await lab.NextPause()).TotalSeconds, precision: 6);
    }

    [Fact]
    public async Task The_first_probe_comes_within_the_interval_if_that_is_shorter()
    {
        using var lab = new ProberLab(1, static options => options.Interval = TimeSpan.FromMilliseconds(200), random: 0.9);

        Assert.Equal(180, (await lab.NextPause()).TotalMilliseconds, precision: 3);
    }

    [Fact]
    public async Task Endpoints_that_are_listed_together_are_first_probed_together()
    {
        using var lab = new ProberLab(3);

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(0.5), 3), await Pauses(lab, 3));
        lab.Time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(lab.Cluster.Endpoints.ToHashSet(), (await Probes(lab, 3)).ToHashSet());
    }

    [Theory]
    [InlineData(true, 0.0001, 9)]
    [InlineData(true, 0.5, 10)]
    [InlineData(true, 0.9999, 11)]
    [InlineData(false, 0.0001, 1.8)]
    [InlineData(false, 0.9999, 2.2)]
    public async Task The_interval_varies_by_a_tenth(bool passes, double random, double seconds)
    {
        using var lab = new ProberLab(1, random: random, answer: (_, _) => new(passes));

        var pause = await lab.ProbeOnce();

        Assert.Equal(seconds, pause.TotalSeconds, precision: 2);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_healthy_is_probed_at_the_shorter_interval()
    {
        var answers = new Queue<bool>([false, false, false, true, true]);
        using var lab = new ProberLab(1, answer: (_, _) => new(answers.Dequeue()));

        var pauses = new List<double>();
        for (var pause = await lab.NextPause(); answers.Count > 0;)
        {
            pause = await lab.ProbeOnce(pause);
            pauses.Add(pause.TotalSeconds);
        }

        Assert.Equal([2, 2, 2, 10, 10], pauses);
    }

    [Fact]
    public async Task A_probe_at_the_shorter_interval_brings_an_ejected_endpoint_back()
    {
        using var lab = new ProberLab(2);
        var pause = (await Pauses(lab, 2))[0];
        lab.Time.Advance(pause);
        await Probes(lab, 2);
        await Pauses(lab, 2);
        for (var i = 0; i < 5; i++)
        {
            var lease = EndpointLease.TryTake(lab[0], lab.Time.GetTimestamp())!;
            lab.Cluster.Observe(lease, AttemptVerdict.Failure, isAnswered: false);
            lease.Release();
        }

        Assert.Equal(EndpointHealth.Ejected, lab[0].Health);
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await Probes(lab, 2);
        await Pauses(lab, 2);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public async Task The_interval_of_unhealthy_endpoints_is_never_longer_than_the_other()
    {
        using var lab = new ProberLab(1, static options => options.Interval = TimeSpan.FromSeconds(1), answer: static (_, _) => new(false));

        Assert.Equal(TimeSpan.FromSeconds(1), await lab.ProbeOnce());
    }

    [Fact]
    public async Task Two_failures_in_a_row_make_an_endpoint_unhealthy_and_one_success_makes_it_healthy()
    {
        var answers = new Queue<bool>([false, true, false, false, true]);
        using var lab = new ProberLab(1, answer: (_, _) => new(answers.Dequeue()));

        Assert.Equal(
            [EndpointHealth.Unknown, EndpointHealth.Healthy, EndpointHealth.Healthy, EndpointHealth.Unhealthy, EndpointHealth.Healthy],
            await HealthAfterEach(lab, probes: 5));
    }

    [Fact]
    public async Task The_options_set_the_thresholds()
    {
        var answers = new Queue<bool>([true, false, false, false, true, true]);
        using var lab = new ProberLab(1, static options => (options.UnhealthyThreshold, options.HealthyThreshold) = (3, 2), answer: (_, _) => new(answers.Dequeue()));

        Assert.Equal(
            [EndpointHealth.Healthy, EndpointHealth.Healthy, EndpointHealth.Healthy, EndpointHealth.Unhealthy, EndpointHealth.Unhealthy, EndpointHealth.Healthy],
            await HealthAfterEach(lab, probes: 6));
    }

    [Fact]
    public async Task A_probe_without_an_answer_is_cancelled_and_has_failed_after_its_timeout()
    {
        var told = new TaskCompletionSource();
        using var lab = new ProberLab(1, static options => options.UnhealthyThreshold = 1);
        lab.Answer = async (_, cancellation) =>
        {
            using var registration = cancellation.Register(told.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        };
        await lab.BeginProbe();

        lab.Time.Advance(ProberLab.ProbeTimeout - TimeSpan.FromTicks(1));
        Assert.Equal(EndpointHealth.Unknown, lab[0].Health);
        Assert.False(told.Task.IsCompleted);
        lab.Time.Advance(TimeSpan.FromTicks(1));

        await Eventually.Done(told.Task);
        await lab.NextPause();
        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
    }

    [Fact]
    public async Task A_probe_that_ignores_its_timeout_does_not_stop_the_probing()
    {
        using var lab = new ProberLab(1, static options => options.MaxConcurrentProbes = 1, answer: static (_, _) => new(new TaskCompletionSource<bool>().Task));
        var pause = await lab.NextPause();
        for (var i = 0; i < 3; i++)
        {
            lab.Time.Advance(pause);
            await lab.NextProbe();
            lab.Time.Advance(ProberLab.ProbeTimeout);
            pause = await lab.NextPause();
        }

        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_probe_that_throws_has_failed_and_is_logged_without_its_text(bool atOnce)
    {
        using var lab = new ProberLab(1, static options => options.UnhealthyThreshold = 1);
        lab.Answer = atOnce
            ? static (_, _) => throw new InvalidOperationException("broken")
            : static (_, _) => new(Task.FromException<bool>(new InvalidOperationException("broken")));

        await lab.ProbeOnce();

        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
        Assert.Equal("1 probe failed: the probe failed (System.InvalidOperationException)", lab[0].HealthReason);
        var line = Assert.Single(lab.Faults);
        Assert.Null(line.Exception);
        Assert.DoesNotContain("broken", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_that_cannot_be_created_does_not_count_and_is_logged_once()
    {
        using var lab = new ProberLab(
            1, static options => options.UnhealthyThreshold = 1, cannotCreateProbe: new InvalidOperationException("no such handler"));

        var pause = await lab.NextPause();
        for (var i = 0; i < 3; i++)
        {
            lab.Time.Advance(pause);
            pause = await lab.NextPause();
        }

        Assert.Equal(EndpointHealth.Unknown, lab[0].Health);
        var line = Assert.Single(lab.Faults);
        Assert.Contains("System.InvalidOperationException", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no such handler", line.Message, StringComparison.Ordinal);

        lab.CannotCreateProbe = null;
        await lab.ProbeOnce(pause);
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        await Eventually.Done(lab.StopAsync());
    }

    [Fact]
    public async Task A_log_sink_that_throws_neither_ends_the_probing_nor_loses_a_result()
    {
        using var lab = new ProberLab(1, answer: static (_, _) => new(false), log: new ThrowingLogger());

        var pause = await lab.NextPause();
        for (var i = 0; i < 2; i++)
        {
            pause = await lab.ProbeOnce(pause);
        }

        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
        await Eventually.Done(lab.StopAsync());
    }

    [Fact]
    public async Task A_probe_that_fails_while_the_container_is_disposed_of_does_not_disturb_the_disposal()
    {
        var stopping = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lab = new ProberLab(1);
        lab.Answer = (_, _) =>
        {
            stopping.SetResult(lab.StopAsync());
            throw new InvalidOperationException("broken");
        };

        lab.Time.Advance(await lab.NextPause());

        await Eventually.Done(await Eventually.Done(stopping.Task));
    }

    [Fact]
    public async Task A_probe_that_cancels_itself_has_failed()
    {
        using var lab = new ProberLab(1, static options => options.UnhealthyThreshold = 1, answer: static (_, _) => throw new TaskCanceledException());

        await lab.ProbeOnce();

        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);
    }

    [Fact]
    public async Task At_most_the_configured_number_of_probes_run_at_the_same_time()
    {
        using var lab = new ProberLab(7, static options => options.MaxConcurrentProbes = 2);
        var open = new ConcurrentQueue<TaskCompletionSource<bool>>();
        lab.Answer = (_, _) =>
        {
            var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            open.Enqueue(answer);
            return new(answer.Task);
        };
        lab.Time.Advance((await Pauses(lab, 7))[0]);
        var probed = await Probes(lab, 2);
        for (var i = 2; i < 7; i++)
        {
            Answer(open);
            probed.Add(await lab.NextProbe());
        }

        Answer(open);
        Answer(open);
        await Pauses(lab, 7);

        Assert.Equal(7, probed.Distinct().Count());
        Assert.Equal(2, lab.MostAtOnce);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_endpoint_gets_no_traffic_before_its_first_probe_has_passed(bool passes)
    {
        using var lab = new ProberLab(1);
        await lab.ProbeOnce();
        lab.Answer = (_, _) => new(passes);
        lab.List(0, 1);
        var start = await lab.NextPause();

        Assert.Equal(EndpointHealth.Unknown, lab[1].Health);
        Assert.DoesNotContain(lab[1], Picks(lab));

        lab.Time.Advance(start);
        Assert.Same(lab[1], await lab.NextProbe());
        await lab.NextPause();

        Assert.Equal(passes ? EndpointHealth.Healthy : EndpointHealth.Unknown, lab[1].Health);
        Assert.Equal(passes, Picks(lab).Contains(lab[1]));
    }

    [Fact]
    public async Task A_removed_endpoint_is_no_longer_probed()
    {
        using var lab = new ProberLab(2);
        var removed = lab[1];
        lab.Time.Advance((await Pauses(lab, 2))[0]);
        await Probes(lab, 2);
        var pause = (await Pauses(lab, 2))[0];

        lab.List(0);
        for (var i = 0; i < 5; i++)
        {
            lab.Time.Advance(pause);
            Assert.Same(lab[0], await lab.NextProbe());
            pause = await lab.NextPause();
        }

        Assert.False(lab.WasProbed());
        Assert.Equal(EndpointHealth.Draining, removed.Health);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task An_endpoint_that_comes_back_is_probed_again(double secondsAway)
    {
        using var lab = new ProberLab(1);
        await lab.ProbeOnce();
        var lease = EndpointLease.TryTake(lab[0], lab.Time.GetTimestamp())!;
        var endpoint = lab[0];
        lab.List();
        lab.Time.Advance(TimeSpan.FromSeconds(secondsAway));

        lab.List(0);
        Assert.Same(endpoint, lab[0]);

        // The old round may go on, or a new one begin. In both cases the next probe comes as time passes.
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        while (!lab.WasProbed())
        {
            Assert.False(deadline.IsCancellationRequested, "It is not probed any more.");
            lab.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        lease.Release();
    }

    [Fact]
    public async Task A_new_interval_applies_from_the_next_probe_on()
    {
        using var lab = new ProberLab(1);
        var pause = await lab.ProbeOnce();

        lab.Reload(static options => options.Interval = TimeSpan.FromSeconds(30));

        Assert.Equal(TimeSpan.FromSeconds(30), await lab.ProbeOnce(pause));
    }

    [Fact]
    public async Task A_new_probe_is_created_only_when_its_settings_change()
    {
        using var lab = new ProberLab(1);
        var pause = await lab.NextPause();
        for (var i = 0; i < 3; i++)
        {
            pause = await lab.ProbeOnce(pause);
        }

        lab.Reload(configure: null);
        pause = await lab.ProbeOnce(pause);
        Assert.Equal(1, lab.ProbesMade);

        lab.Reload(static options => options.Path = "/ready");
        pause = await lab.ProbeOnce(pause);
        Assert.Equal(2, lab.ProbesMade);

        lab.Reload(static options => options.Path = "/ready", HostHeaderMode.Service);
        await lab.ProbeOnce(pause);
        Assert.Equal(3, lab.ProbesMade);
    }

    [Fact]
    public async Task Probing_goes_on_after_it_was_switched_off_and_on_again()
    {
        using var lab = new ProberLab(1, answer: static (_, _) => new(false));
        var pause = await lab.ProbeOnce();
        pause = await lab.ProbeOnce(pause);
        Assert.Equal(EndpointHealth.Unhealthy, lab[0].Health);

        lab.Reload(static options => options.Enabled = false);
        Assert.Equal(EndpointHealth.Unknown, lab[0].Health);
        lab.Answer = static (_, _) => new(true);
        lab.Reload(configure: null);
        await lab.ProbeOnce(pause);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public async Task A_probe_that_ends_after_probing_was_switched_off_changes_nothing()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lab = new ProberLab(1, static options => options.UnhealthyThreshold = 1, answer: (_, _) => new(answer.Task));
        await lab.BeginProbe();

        lab.Reload(static options => options.Enabled = false);
        answer.SetResult(false);
        await lab.NextPause();

        Assert.Equal(EndpointHealth.Unknown, lab[0].Health);
    }

    [Fact]
    public async Task No_endpoint_is_probed_until_probing_is_switched_on()
    {
        using var lab = new ProberLab(1, static options => options.Enabled = false);
        lab.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, lab.ProbesMade);

        lab.Reload(configure: null);

        await lab.ProbeOnce();
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Fact]
    public async Task A_prober_that_is_woken_again_and_again_probes_each_endpoint_once()
    {
        using var lab = new ProberLab(1);
        for (var i = 0; i < 10; i++)
        {
            lab.Prober.Wake();
        }

        var pause = await lab.NextPause();
        for (var i = 0; i < 5; i++)
        {
            pause = await lab.ProbeOnce(pause);
        }

        Assert.False(lab.WasProbed());
        Assert.Equal(1, lab.MostAtOnce);
    }

    [Fact]
    public async Task No_endpoint_is_probed_after_the_container_is_disposed_of()
    {
        using var lab = new ProberLab(2);
        await Pauses(lab, 2);

        await Eventually.Done(lab.StopAsync());
        lab.Time.Advance(TimeSpan.FromMinutes(5));
        lab.List(0, 1, 2);
        lab.Prober.Wake();
        await Eventually.Done(lab.Prober.StopAsync());

        Assert.False(lab.WasProbed());
    }

    [Fact]
    public async Task A_probe_under_way_is_cancelled_with_the_container_and_does_not_count()
    {
        using var lab = new ProberLab(1, static options => options.UnhealthyThreshold = 1);
        lab.Answer = static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        };
        await lab.BeginProbe();

        await Eventually.Done(lab.StopAsync());

        Assert.Equal(EndpointHealth.Unknown, lab[0].Health);
        Assert.Empty(lab.Faults);
    }

    [Fact]
    public async Task A_probe_that_ignores_its_cancellation_does_not_delay_the_end()
    {
        using var lab = new ProberLab(1, answer: static (_, _) => new(new TaskCompletionSource<bool>().Task));
        await lab.BeginProbe();

        await Eventually.Done(lab.StopAsync());
    }

    [Fact]
    public async Task A_probe_does_not_see_the_ambient_state_of_the_code_that_listed_the_endpoint()
    {
        var ambient = new AsyncLocal<string>();
        var seen = new TaskCompletionSource<string?>();
        using var lab = new ProberLab(0);
        lab.Answer = (_, _) =>
        {
            seen.TrySetResult(ambient.Value);
            return new(true);
        };
        ambient.Value = "of a request";
        lab.List(0);
        ambient.Value = null!;

        await lab.ProbeOnce();

        Assert.Null(await Eventually.Done(seen.Task));
    }

    private static void Answer(ConcurrentQueue<TaskCompletionSource<bool>> open)
    {
        Assert.True(open.TryDequeue(out var answer));
        answer.SetResult(true);
    }

    private static async Task<List<TimeSpan>> Pauses(ProberLab lab, int count)
    {
        var pauses = new List<TimeSpan>();
        while (pauses.Count < count)
        {
            pauses.Add(await lab.NextPause());
        }

        return pauses;
    }

    private static async Task<List<ClusterEndpoint>> Probes(ProberLab lab, int count)
    {
        var probed = new List<ClusterEndpoint>();
        while (probed.Count < count)
        {
            probed.Add(await lab.NextProbe());
        }

        return probed;
    }

    private static async Task<List<EndpointHealth>> HealthAfterEach(ProberLab lab, int probes)
    {
        var health = new List<EndpointHealth>();
        var pause = await lab.NextPause();
        for (var i = 0; i < probes; i++)
        {
            pause = await lab.ProbeOnce(pause);
            health.Add(lab[0].Health);
        }

        return health;
    }

    private static List<ClusterEndpoint> Picks(ProberLab lab)
    {
        var picks = new List<ClusterEndpoint>();
        for (var i = 0; i < 20; i++)
        {
            var lease = lab.Cluster.Acquire(new PickContext(new SeededRandom(i)), TestCluster.AnyEndpoint)!;
            picks.Add(lease.Endpoint);
            lease.Release();
        }

        return picks;
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The disk is full.");
    }
}
