namespace ClientSideLb.Tests;

/// <summary>Requests that find all endpoints full wait for room, first in, first out.</summary>
public sealed class RequestQueueTests
{
    [Fact]
    public void Requests_get_room_in_the_order_in_which_they_came()
    {
        var lab = new QueueLab(1);
        var first = lab.Send();
        var waiting = lab.Send(3);
        Assert.All(waiting, static request => Assert.True(request.Waits));
        Assert.Equal(3, lab.Cluster.QueuedCount);

        first.Release();
        Assert.Equal([false, true, true], waiting.Select(static request => request.Waits));

        waiting[0].Release();
        Assert.Equal([false, false, true], waiting.Select(static request => request.Waits));
        Assert.Equal(1, lab.Cluster.QueuedCount);
    }

    [Fact]
    public void A_release_lets_one_request_go_on_and_the_endpoint_never_has_more_than_its_limit()
    {
        var lab = new QueueLab(2, static options => options.Concurrency.MaxInFlightPerEndpoint = 3);
        var first = lab.Send(6);
        var waiting = lab.Send(10);

        first[0].Release();
        first[1].Release();

        Assert.Equal(2, waiting.Count(static request => !request.Waits));
        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.Equal(3, endpoint.InFlight));
    }

    [Fact]
    public void A_request_that_comes_later_does_not_overtake_those_that_wait()
    {
        // The one that waits needs an https endpoint, and all of these are full.
        var lab = new QueueLab(0);
        lab.Cluster.List("https://10.0.0.1", "http://10.0.0.2");
        var secure = lab.Send(httpsOnly: true);
        var waiting = lab.Send(httpsOnly: true);
        Assert.True(waiting.Waits);

        var other = lab.Send();
        Assert.Equal("http", other.Endpoint!.Address.Scheme);
        var last = lab.Send();
        secure.Release();

        Assert.Equal([false, true], [waiting.Waits, last.Waits]);
    }

    [Fact]
    public void A_request_with_special_needs_holds_up_no_other_and_keeps_its_place()
    {
        var lab = new QueueLab(2);
        var first = new[] { lab.Send(), lab.Send() };
        var special = lab.Send(tried: [first[0].Endpoint!]);
        var plain = lab.Send();
        Assert.True(special.Waits);

        // The endpoint that the first one in the queue has tried already.
        first[0].Release();
        Assert.Equal([true, false], [special.Waits, plain.Waits]);

        var later = lab.Send();
        first[1].Release();
        Assert.Equal([false, true], [special.Waits, later.Waits]);
        Assert.Same(first[1].Endpoint, special.Endpoint);
    }

    [Fact]
    public void A_request_waits_for_a_full_endpoint_before_it_tries_one_that_is_out_or_one_that_failed_it()
    {
        var lab = new QueueLab(3, static options => options.OutlierDetection.ConsecutiveFailures = 1);
        lab.Lab.Fail(2);
        var first = new[] { lab.Send(), lab.Send() };

        var moved = lab.Send(tried: [first[0].Endpoint!]);

        Assert.True(moved.Waits);
        first[1].Release();
        Assert.Same(first[1].Endpoint, moved.Endpoint);
    }

    [Fact]
    public void No_more_requests_wait_than_the_limit_says()
    {
        var lab = new QueueLab(1, static options => options.Concurrency.QueueLimit = 2);
        var first = lab.Send();
        var waiting = lab.Send(2);

        var refused = lab.Send();

        Assert.Equal((WaitEnd.QueueFull, 2), (refused.End, refused.Result.Others));
        Assert.Equal(2, lab.Cluster.QueuedCount);
        first.Release();
        Assert.False(waiting[0].Waits);
    }

    [Fact]
    public void A_full_queue_keeps_nobody_out_who_need_not_wait()
    {
        var lab = new QueueLab(0, static options => options.Concurrency.QueueLimit = 1);
        lab.Cluster.List("https://10.0.0.1", "http://10.0.0.2");
        lab.Send(httpsOnly: true);
        Assert.True(lab.Send(httpsOnly: true).Waits);

        Assert.NotNull(lab.Send().Lease);

        var refused = lab.Send();
        Assert.Equal((WaitEnd.QueueFull, 1), (refused.End, lab.Cluster.QueuedCount));
    }

    [Fact]
    public void A_request_waits_no_longer_than_the_time_limit_and_the_next_one_gets_the_room()
    {
        var lab = new QueueLab(1, static options => options.Concurrency.QueueTimeout = TimeSpan.FromSeconds(2));
        var first = lab.Send();
        var early = lab.Send();
        lab.Lab.Advance(1.5);
        var late = lab.Send();

        lab.Lab.Advance(0.499);
        Assert.True(early.Waits);
        lab.Lab.Advance(0.001);
        Assert.Equal((WaitEnd.TimedOut, TimeSpan.FromSeconds(2), 1), (early.End, early.Result.Waited, early.Result.Others));
        Assert.True(late.Waits);

        first.Release();
        Assert.Equal(WaitEnd.Granted, late.End);
        lab.Lab.Advance(60);
        Assert.Equal(1, lab.Cluster.Endpoints[0].InFlight);
    }

    [Fact]
    public void Each_request_has_its_own_time_limit_although_they_share_a_timer()
    {
        var lab = new QueueLab(1);
        lab.Send();
        var waiting = new List<QueuedRequest>();
        for (var i = 0; i < 5; i++)
        {
            waiting.Add(lab.Send());
            lab.Lab.Advance(0.2);
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(5 - i - 1, waiting.Count(static request => request.Waits));
            lab.Lab.Advance(0.2);
        }
    }

    [Fact]
    public void Without_waiting_requests_no_timer_runs()
    {
        var time = new CountingTimers();
        var options = new LoadBalancingOptions();
        (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (1, 10);
        using var cluster = new Cluster("client", "api", ClusterSettings.Of(options, new RoundRobinStrategy(), time), time, new SeededRandom(1), listeners: []);
        cluster.List("http://10.0.0.1");
        var first = cluster.AcquireUntried(new FixedKeys("key", System.Net.IPAddress.Loopback), this, tried: null, TestCluster.AnyEndpoint)!;
        var waiters = Enumerable.Range(0, 5).Select(_ => cluster.Waiting.TryWait(new FixedKeys("key", System.Net.IPAddress.Loopback), this, tried: null, TestCluster.AnyEndpoint)!).ToArray();
        Assert.Equal(1, time.Armed);

        first.Release();
        Array.ForEach(waiters[..4], static waiter => waiter.Ended.Result.Lease!.Release());

        Assert.True(waiters[4].Ended.IsCompletedSuccessfully);
        Assert.Equal(0, time.Armed);
    }

    [Fact]
    public void A_cancelled_request_leaves_the_queue_at_once()
    {
        var lab = new QueueLab(1, static options => options.Concurrency.QueueLimit = 2);
        var first = lab.Send();
        var waiting = lab.Send(2);

        waiting[0].Wait.Cancel(new CancellationToken(canceled: true));

        Assert.True(waiting[0].Wait.Ended.IsCanceled);
        Assert.True(lab.Send().Waits);
        first.Release();
        Assert.False(waiting[1].Waits);
    }

    [Fact]
    public async Task Disposal_ends_all_waits_and_permits_no_further_one()
    {
        var lab = new QueueLab(1);
        lab.Send();
        var waiting = lab.Send(3);

        lab.Cluster.Dispose();

        foreach (var request in waiting)
        {
            var fault = await Assert.ThrowsAsync<ObjectDisposedException>(() => request.Wait.Ended);
            Assert.Contains("'client' waited", fault.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ObjectDisposedException>(() => lab.Send());
    }

    [Fact]
    public void A_raised_limit_lets_as_many_go_on_as_there_is_room_for()
    {
        var lab = new QueueLab(1);
        lab.Send();
        var waiting = lab.Send(5);

        lab.Lab.Reload(static options => (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit) = (3, 100));

        Assert.Equal([false, false, true, true, true], waiting.Select(static request => request.Waits));
    }

    [Fact]
    public void Without_a_limit_all_go_on()
    {
        var lab = new QueueLab(1);
        lab.Send();
        var waiting = lab.Send(5);

        lab.Lab.Reload(static _ => { });

        Assert.All(waiting, static request => Assert.Equal(WaitEnd.Granted, request.End));
    }

    [Fact]
    public void A_shorter_queue_sends_the_newest_away_and_a_shorter_time_limit_holds_for_those_that_wait()
    {
        var lab = new QueueLab(1, static options => options.Concurrency.QueueTimeout = TimeSpan.FromSeconds(10));
        lab.Send();
        var waiting = lab.Send(3);
        lab.Lab.Advance(2);

        lab.Lab.Reload(static options =>
            (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit, options.Concurrency.QueueTimeout) = (1, 2, TimeSpan.FromSeconds(3)));
        Assert.Equal(WaitEnd.QueueFull, waiting[2].End);
        Assert.Equal(2, lab.Cluster.QueuedCount);

        lab.Lab.Advance(1);
        Assert.Equal([WaitEnd.TimedOut, WaitEnd.TimedOut], waiting[..2].Select(static request => request.End));
    }

    [Fact]
    public void A_new_endpoint_and_one_that_is_back_take_requests_that_wait()
    {
        var lab = new QueueLab(2);
        lab.Cluster.TryDrain(Backends.AddressOf(1));
        lab.Send();
        var waiting = lab.Send(3);

        lab.Cluster.TryResume(Backends.AddressOf(1));
        Assert.Same(lab.Lab[1], waiting[0].Endpoint);

        lab.Lab.List(3);
        Assert.Same(lab.Lab[2], waiting[1].Endpoint);
        Assert.True(waiting[2].Waits);
    }

    [Fact]
    public void A_request_for_which_no_endpoint_is_left_does_not_wait_on()
    {
        var lab = new QueueLab(1);
        lab.Send();
        var waiting = lab.Send();

        lab.Cluster.TryDrain(Backends.AddressOf(0));

        Assert.Equal((WaitEnd.NothingToWaitFor, null), (waiting.End, waiting.Lease));
    }

    [Fact]
    public void A_request_waits_for_the_owner_of_its_key_and_holds_up_no_other_key()
    {
        var lab = Owners();
        var (one, other) = (lab.KeyOf(lab.Lab[0]), lab.KeyOf(lab.Lab[1]));
        var first = lab.Send(one);
        var waiting = lab.Send(one);
        Assert.True(waiting.Waits);

        var elsewhere = lab.Send(other);
        Assert.Same(lab.Lab[1], elsewhere.Endpoint);
        var behind = lab.Send(other);
        elsewhere.Release();
        Assert.Equal([true, false], [waiting.Waits, behind.Waits]);

        first.Release();
        Assert.Same(lab.Lab[0], waiting.Endpoint);
    }

    [Fact]
    public void If_the_owner_goes_out_the_request_goes_to_the_next_one()
    {
        var lab = Owners();
        var key = lab.KeyOf(lab.Lab[0]);
        lab.Send(key);
        var waiting = new[] { lab.Send(key), lab.Send(key) };

        lab.Cluster.TryDrain(Backends.AddressOf(0));
        Assert.Same(lab.Lab[1], waiting[0].Endpoint);
        Assert.True(waiting[1].Waits);

        waiting[0].Release();
        Assert.Same(lab.Lab[1], waiting[1].Endpoint);
    }

    [Fact]
    public void A_request_whose_owner_changes_while_the_strategy_picks_waits_for_the_new_one()
    {
        // The owner of every key is the first endpoint that is available.
        var strategy = new StrategyWithFaults { IsKeyed = true };
        var lab = new QueueLab(2, static options => options.Concurrency.WaitForOwner = true, strategy);
        lab.Cluster.TryDrain(Backends.AddressOf(0));
        lab.Send();
        var early = lab.Send();
        strategy.Picked = () =>
        {
            strategy.Picked = null;
            lab.Cluster.TryResume(Backends.AddressOf(0));
            return null;
        };

        var late = lab.Send();
        Assert.Same(lab.Lab[0], early.Endpoint);
        Assert.True(late.Waits);

        early.Release();
        Assert.Same(lab.Lab[0], late.Endpoint);
    }

    [Fact]
    public void A_strategy_that_throws_fails_the_request_that_it_picks_for_and_not_the_one_that_made_room()
    {
        var strategy = new StrategyWithFaults();
        var lab = new QueueLab(1, strategy: strategy);
        var first = lab.Send();
        var waiting = lab.Send(2);

        strategy.FailsOnce = true;
        first.Release();

        Assert.IsType<TimeoutException>(waiting[0].Wait.Ended.Exception!.InnerException);
        Assert.Equal(WaitEnd.Granted, waiting[1].End);
    }

    [Fact]
    public void A_pick_for_a_waiting_request_runs_in_its_own_context()
    {
        var context = new AsyncLocal<string?>();
        var strategy = new StrategyWithFaults { Picked = () => context.Value };
        var lab = new QueueLab(1, strategy: strategy);
        context.Value = "first";
        var first = lab.Send();
        context.Value = "second";
        lab.Send();
        context.Value = "somebody else";
        strategy.Seen.Clear();

        first.Release();

        Assert.Equal("second", Assert.Single(strategy.Seen.Distinct()));
    }

    [Fact]
    public void A_request_that_is_cancelled_while_the_strategy_picks_for_it_takes_no_place()
    {
        QueuedRequest? cancelled = null;
        var strategy = new StrategyWithFaults();
        var lab = new QueueLab(1, strategy: strategy);
        var first = lab.Send();
        cancelled = lab.Send();
        var next = lab.Send();
        strategy.Picked = () =>
        {
            cancelled.Wait.Cancel(new CancellationToken(canceled: true));
            return null;
        };

        first.Release();

        Assert.True(cancelled.Wait.Ended.IsCanceled);
        Assert.Equal((WaitEnd.Granted, 1), (next.End, lab.Cluster.Endpoints[0].InFlight));
    }

    [Fact]
    public async Task While_the_strategy_picks_others_may_join_and_leave_the_queue()
    {
        var strategy = new StrategyWithFaults();
        var lab = new QueueLab(1, strategy: strategy);
        var first = lab.Send();
        var waiting = lab.Send(2);
        Task<QueuedRequest>? joined = null;
        strategy.Picked = () =>
        {
            strategy.Picked = null;
            joined = Task.Run(() =>
            {
                waiting[1].Wait.Cancel(new CancellationToken(canceled: true));
                return lab.Send();
            });

            // The pick goes on when the other thread is done.
            Assert.True(SpinWait.SpinUntil(() => joined.IsCompleted, Eventually.Deadline));
            return null;
        };

        first.Release();

        var last = await joined!;
        Assert.Equal((WaitEnd.Granted, true), (waiting[0].End, last.Waits));
        waiting[0].Release();
        Assert.Equal(WaitEnd.Granted, last.End);
    }

    [Fact]
    public void Whoever_cancels_takes_no_place_whatever_the_threads_do()
    {
        var lab = new QueueLab(2);
        var (granted, cancelled) = (0, 0);
        Concurrently.Run(8, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 2_000; i++)
            {
                var request = lab.Send();
                if (!request.WasAtOnce)
                {
                    if (random.Next(2) == 0)
                    {
                        request.Wait.Cancel(new CancellationToken(canceled: true));
                    }

                    request.Join();
                    Interlocked.Increment(ref request.Wait.Ended.IsCanceled ? ref cancelled : ref granted);
                }

                Thread.Yield();
                request.Lease?.Release();
            }
        });

        Assert.True(granted > 10 && cancelled > 10, $"{granted} waited with success, and {cancelled} cancelled");
        Assert.Equal((0, 0), (lab.Cluster.QueuedCount, lab.Cluster.Endpoints.Sum(static endpoint => endpoint.InFlight)));
        Assert.NotNull(lab.Send().Lease);
    }

    [Fact]
    public void No_wake_up_is_lost_and_no_limit_exceeded_whatever_the_threads_do()
    {
        var lab = new QueueLab(2);
        var (most, waited) = (0, 0);
        Concurrently.Run(8, _ =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var request = lab.Send();
                if (!request.WasAtOnce)
                {
                    Interlocked.Increment(ref waited);
                    request.Join();
                }

                if (request.Endpoint!.InFlight > 1)
                {
                    Interlocked.Exchange(ref most, request.Endpoint.InFlight);
                }

                // Other threads come while this one has its place.
                Thread.Yield();
                request.Release();
            }
        });

        Assert.True(waited > 10, $"only {waited} requests waited");
        Assert.Equal(0, most);
        Assert.Equal((0, 0), (lab.Cluster.QueuedCount, lab.Cluster.Endpoints.Sum(static endpoint => endpoint.InFlight)));
    }

    private static QueueLab Owners() => new(2, static options => options.Concurrency.WaitForOwner = true, new ConsistentHashStrategy());

    private sealed class StrategyWithFaults : ILoadBalancingStrategy
    {
        public bool IsKeyed { get; init; }

        internal bool FailsOnce { get; set; }

        internal Func<string?>? Picked { get; set; }

        internal List<string?> Seen { get; } = [];

        public string Name => "Faulty";

        public EndpointPicker CreatePicker(EndpointSet endpoints) => new Picker(this, endpoints);

        private sealed class Picker(StrategyWithFaults strategy, EndpointSet endpoints) : EndpointPicker
        {
            public override ClusterEndpoint? Pick(in PickContext context)
            {
                strategy.Seen.Add(strategy.Picked?.Invoke());
                if (strategy.FailsOnce)
                {
                    strategy.FailsOnce = false;
                    throw new TimeoutException("The strategy gave up.");
                }

                return context.FindPermitted(endpoints.Available, 0);
            }
        }
    }
}
