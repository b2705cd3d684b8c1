using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Tests;

/// <summary>The token that tells an application that a cluster has changed.</summary>
public sealed class ChangeTokenTests
{
    [Fact]
    public async Task It_fires_when_endpoints_come_or_go() => await FiresAsync(new ClusterLab(2), static lab => lab.List(3));

    [Fact]
    public async Task It_fires_when_a_weight_changes() => await FiresAsync(
        new ClusterLab(1), static lab => lab.Cluster.Update([ClusterLab.Described(0)[0] with { Weight = 7 }]));

    [Fact]
    public async Task It_fires_when_an_endpoint_is_ejected() => await FiresAsync(new ClusterLab(3), static lab => lab.Refuse(0, times: 5));

    [Fact]
    public async Task It_fires_when_an_endpoint_returns()
    {
        var lab = new ClusterLab(3);
        lab.Refuse(0, times: 5);
        lab.LetEjectionPass(0);
        await FiresAsync(lab, static lab =>
        {
            var trial = Enumerable.Range(0, 20).Select(_ => lab.Acquire()!).First(lease => lease.Endpoint == lab[0]);
            lab.End(trial, AttemptVerdict.Success);
        });
        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public async Task It_fires_when_an_endpoint_is_drained_and_when_it_is_resumed()
    {
        var lab = new ClusterLab(2);
        await FiresAsync(lab, static lab => lab.Cluster.TryDrain(Backends.AddressOf(0)));
        await FiresAsync(lab, static lab => lab.Cluster.TryResume(Backends.AddressOf(0)));
    }

    [Fact]
    public async Task It_fires_when_probes_fail_and_when_they_pass_again()
    {
        var lab = ClusterLab.Probed(2);
        lab.Probe(0, passes: true);
        await FiresAsync(lab, static lab => lab.Probe(0, passes: false, times: 2));
        await FiresAsync(lab, static lab => lab.Probe(0, passes: true));
    }

    [Fact]
    public async Task It_fires_when_panic_begins()
    {
        var lab = new ClusterLab(2, static options => options.PanicThreshold = 0.9);
        await FiresAsync(lab, static lab => lab.Refuse(0, times: 5));
        Assert.True(lab.Cluster.InPanic);
    }

    [Fact]
    public async Task It_fires_when_the_settings_change() => await FiresAsync(new ClusterLab(2), static lab => lab.Reload(static options => options.PanicThreshold = 0.5));

    [Fact]
    public async Task It_fires_when_the_last_request_of_an_endpoint_that_has_left_ends()
    {
        var lab = new ClusterLab(2);
        var open = lab.SendTo(1);
        lab.List(1);
        Assert.Equal(2, lab.Cluster.Endpoints.Count);

        await FiresAsync(lab, lab => lab.End(open, AttemptVerdict.Success));

        Assert.Single(lab.Cluster.Endpoints);
    }

    [Fact]
    public void Requests_and_updates_that_change_nothing_fire_none()
    {
        var lab = new ClusterLab(2);
        lab.Succeed(0);
        lab.Succeed(1);
        var token = lab.Cluster.GetChangeToken();

        lab.Succeed(0, times: 100);
        lab.Fail(1, times: 2);
        lab.List(2);
        lab.Cluster.TryResume(Backends.AddressOf(0));
        lab.Reload(static _ => { });

        // The next change fires the same token, so that none of these has.
        Assert.False(token.HasChanged);
        Assert.False(lab.Cluster.GetChangeToken().HasChanged);
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        Assert.True(SpinWait.SpinUntil(() => token.HasChanged, Eventually.Deadline));
    }

    [Fact]
    public async Task A_callback_runs_on_no_thread_of_a_request_and_a_slow_one_holds_up_nothing()
    {
        var lab = new ClusterLab(2);
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var ran = 0;
        var changes = 0;
        using var registration = ChangeToken.OnChange(lab.Cluster.GetChangeToken, () =>
        {
            ran = Environment.CurrentManagedThreadId;
            Interlocked.Increment(ref changes);
            isRunning.Set();
            mayEnd.Wait();
        });

        // A thread that is not of the thread pool stands for a request's.
        var changing = new Thread(() =>
        {
            lab.Cluster.TryDrain(Backends.AddressOf(0));
            isRunning.Wait();
            for (var i = 0; i < 10; i++)
            {
                lab.Cluster.TryResume(Backends.AddressOf(0));
                lab.Cluster.TryDrain(Backends.AddressOf(0));
            }
        });
        changing.Start();
        Assert.True(changing.Join(Eventually.Deadline));
        Assert.NotEqual(changing.ManagedThreadId, ran);
        Assert.Equal(1, Volatile.Read(ref changes));

        // The twenty changes that came meanwhile are told together.
        mayEnd.Set();
        await Eventually.Equal(2, () => Volatile.Read(ref changes));
    }

    [Fact]
    public async Task A_callback_that_throws_is_logged_and_the_next_change_is_told_all_the_same()
    {
        var lab = new ClusterLab(2);
        var changes = 0;
        using var registration = ChangeToken.OnChange(lab.Cluster.GetChangeToken, () =>
        {
            Interlocked.Increment(ref changes);
            throw new InvalidOperationException("a mistake");
        });

        lab.Cluster.TryDrain(Backends.AddressOf(0));
        await Eventually.True(() => lab.Logged(44).Count == 1, "the failure is logged");
        lab.Cluster.TryResume(Backends.AddressOf(0));

        await Eventually.Equal(2, () => Volatile.Read(ref changes));
    }

    [Fact]
    public async Task After_a_change_the_cluster_shows_it_when_the_callback_runs()
    {
        var lab = new ClusterLab(2);
        var seen = new TaskCompletionSource<EndpointHealth>();
        lab.Cluster.GetChangeToken().RegisterChangeCallback(_ => seen.SetResult(lab[0].Health), state: null);

        lab.Cluster.TryDrain(Backends.AddressOf(0));

        Assert.Equal(EndpointHealth.Draining, await Eventually.Done(seen.Task));
    }

    [Fact]
    public void After_the_end_of_the_cluster_no_token_fires()
    {
        var lab = new ClusterLab(2);
        var token = lab.Cluster.GetChangeToken();
        lab.Cluster.Dispose();

        lab.Cluster.TryDrain(Backends.AddressOf(0));

        // Work that the change had queued would run before this.
        using var ran = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(static done => done.Set(), ran, preferLocal: false);
        Assert.True(ran.Wait(Eventually.Deadline));
        Assert.False(token.HasChanged);
    }

    [Fact]
    public async Task No_change_is_missed_when_a_token_is_taken_while_the_cluster_changes()
    {
        var lab = new ClusterLab(1, logger: NullLogger.Instance);
        var changing = Task.Run(() =>
        {
            for (var weight = 2; weight <= 2000; weight++)
            {
                lab.Cluster.Update([ClusterLab.Described(0)[0] with { Weight = weight }]);
            }
        });

        // Whoever waits for the next token after each look sees the last change.
        while (true)
        {
            var token = lab.Cluster.GetChangeToken();
            if (lab[0].Weight == 2000)
            {
                break;
            }

            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = token.RegisterChangeCallback(_ => changed.TrySetResult(), state: null);
            await Eventually.Done(changed.Task);
        }

        await changing;
    }

    private static async Task FiresAsync(ClusterLab lab, Action<ClusterLab> change)
    {
        var token = lab.Cluster.GetChangeToken();
        var fired = new TaskCompletionSource();
        using var registration = token.RegisterChangeCallback(_ => fired.TrySetResult(), state: null);
        Assert.False(token.HasChanged);

        change(lab);

        await Eventually.Done(fired.Task);
        Assert.True(token.HasChanged);
        Assert.False(lab.Cluster.GetChangeToken().HasChanged);
    }
}
