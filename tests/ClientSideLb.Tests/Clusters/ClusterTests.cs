namespace ClientSideLb.Tests;

public sealed class ClusterTests
{
    private const string A = "http://10.0.0.1/";
    private const string B = "http://10.0.0.2/";
    private const string C = "http://10.0.0.3/";

    [Fact]
    public void A_new_cluster_has_no_endpoint()
    {
        var cluster = TestCluster.Create();

        Assert.Empty(cluster.Endpoints);
        Assert.Null(cluster.Acquire());
    }

    [Fact]
    public void An_endpoint_that_stays_is_the_same_object()
    {
        var cluster = TestCluster.Of(A, B);
        var (a, b) = (cluster.At(A), cluster.At(B));

        cluster.List(C, B, A);

        Assert.Same(a, cluster.At(A));
        Assert.Same(b, cluster.At(B));
    }

    [Fact]
    public void Endpoints_that_stay_keep_their_order_and_new_ones_come_last()
    {
        var cluster = TestCluster.Of(A, B);

        cluster.List(C, B, A);

        Assert.Equal([A, B, C], cluster.Endpoints.Select(static endpoint => endpoint.Address.ToString()));
    }

    [Fact]
    public void The_same_endpoints_in_another_order_change_nothing()
    {
        var cluster = TestCluster.Of(A, B);
        var snapshot = cluster.Snapshot;

        cluster.List(B, A);

        Assert.Same(snapshot, cluster.Snapshot);
    }

    [Fact]
    public void The_same_settings_change_nothing()
    {
        var strategy = new RoundRobinStrategy();
        var cluster = TestCluster.Of(strategy, A, B);
        var snapshot = cluster.Snapshot;

        cluster.Configure(TestCluster.Settings(strategy));

        Assert.Same(snapshot, cluster.Snapshot);
    }

    [Fact]
    public void Another_strategy_picks_from_the_same_endpoints()
    {
        var cluster = TestCluster.Of(A, B);
        var b = cluster.At(B);

        cluster.Configure(TestCluster.Settings(new StubStrategy("Last", static endpoints => endpoints.Available[^1])));

        Assert.Equal("Last", cluster.Strategy);
        Assert.All(cluster.Acquire(times: 5), endpoint => Assert.Same(b, endpoint));
    }

    [Fact]
    public void An_address_listed_twice_is_one_endpoint()
    {
        var cluster = TestCluster.Of(A, A, "HTTP://10.0.0.1:80");

        Assert.Single(cluster.Endpoints);
    }

    [Fact]
    public void A_changed_weight_reaches_the_same_endpoint_and_the_next_picks()
    {
        var cluster = TestCluster.Create(new WeightedRoundRobinStrategy());
        cluster.Update([Backends.Described(A), Backends.Described(B)]);
        var a = cluster.At(A);

        cluster.Update([Backends.Described(A, weight: 3), Backends.Described(B)]);

        Assert.Same(a, cluster.At(A));
        Assert.Equal(3, a.Weight);
        Assert.Equal(30, cluster.Acquire(times: 40).Count(endpoint => endpoint == a));
    }

    [Fact]
    public void A_vanished_endpoint_without_requests_is_forgotten_at_once()
    {
        var cluster = TestCluster.Of(A, B);
        var b = cluster.At(B);

        cluster.List(A);

        Assert.DoesNotContain(b, cluster.Endpoints);
        Assert.False(b.IsAvailable);
    }

    [Fact]
    public void A_vanished_endpoint_gets_no_new_requests_and_is_forgotten_after_its_last_one()
    {
        var cluster = TestCluster.Of(A, B);
        var leases = new[] { cluster.Acquire()!, cluster.Acquire()!, cluster.Acquire()!, cluster.Acquire()! };
        var b = cluster.At(B);

        cluster.List(A);

        Assert.Contains(b, cluster.Endpoints);
        Assert.Equal(EndpointHealth.Draining, b.Health);
        Assert.DoesNotContain(b, cluster.Acquire(times: 10));
        var own = leases.Where(lease => lease.Endpoint == b).ToList();
        Assert.Equal(2, own.Count);
        own[0].Release();
        Assert.Contains(b, cluster.Endpoints);
        own[1].Release();
        Assert.DoesNotContain(b, cluster.Endpoints);
    }

    [Fact]
    public void An_endpoint_that_returns_before_it_is_idle_is_the_same_object()
    {
        var cluster = TestCluster.Of(A);
        var lease = cluster.Acquire()!;
        cluster.List(B);

        cluster.List(A, B);

        Assert.Same(lease.Endpoint, cluster.At(A));
        Assert.True(lease.Endpoint.IsAvailable);
        Assert.Equal(1, lease.Endpoint.InFlight);
        lease.Release();
        Assert.Equal([A, B], cluster.Endpoints.Select(static endpoint => endpoint.Address.ToString()).Order());
        Assert.Contains(lease.Endpoint, cluster.Acquire(times: 2));
    }

    [Fact]
    public void An_endpoint_that_returns_after_it_was_forgotten_is_a_new_object()
    {
        var cluster = TestCluster.Of(A, B);
        var a = cluster.At(A);
        cluster.List(B);

        cluster.List(A, B);

        Assert.NotSame(a, cluster.At(A));
        Assert.True(cluster.At(A).IsAvailable);
    }

    [Fact]
    public void An_endpoint_that_vanishes_twice_before_it_is_idle_is_listed_once_and_then_forgotten()
    {
        var cluster = TestCluster.Of(A, B);
        var lease = cluster.Acquire(httpsOnly: false, cluster.At(B))!;
        cluster.List(B);
        cluster.List(A, B);
        cluster.List(B);

        Assert.Single(cluster.Endpoints, endpoint => endpoint == lease.Endpoint);
        lease.Release();
        Assert.DoesNotContain(lease.Endpoint, cluster.Endpoints);
    }

    [Fact]
    public void A_cluster_whose_endpoints_have_all_vanished_has_none_to_pick()
    {
        var cluster = TestCluster.Of(A, B);

        cluster.List();

        Assert.Null(cluster.Acquire());
        Assert.Empty(cluster.Endpoints);
    }

    [Fact]
    public void A_drained_endpoint_gets_no_new_requests_until_it_is_resumed()
    {
        var cluster = TestCluster.Of(A, B);
        var a = cluster.At(A);

        Assert.True(cluster.TryDrain(a.Address));

        Assert.False(a.IsAvailable);
        Assert.Equal(EndpointHealth.Draining, a.Health);
        Assert.DoesNotContain(a, cluster.Acquire(times: 10));
        Assert.True(cluster.TryResume(a.Address));
        Assert.True(a.IsAvailable);
        Assert.Equal(5, cluster.Acquire(times: 10).Count(endpoint => endpoint == a));
    }

    [Fact]
    public void A_drained_endpoint_finishes_its_requests_and_stays_listed()
    {
        var cluster = TestCluster.Of(A);
        var lease = cluster.Acquire()!;

        cluster.TryDrain(new Uri(A));

        Assert.Equal(1, lease.Endpoint.InFlight);
        lease.Release();
        Assert.Equal(0, lease.Endpoint.InFlight);
        Assert.Same(lease.Endpoint, cluster.At(A));
        Assert.Null(cluster.Acquire());
    }

    [Fact]
    public void Draining_and_resuming_twice_is_no_fault()
    {
        var cluster = TestCluster.Of(A, B);

        Assert.True(cluster.TryDrain(new Uri(A)));
        Assert.True(cluster.TryDrain(new Uri(A)));
        Assert.True(cluster.TryResume(new Uri(A)));
        Assert.True(cluster.TryResume(new Uri(A)));
        Assert.True(cluster.At(A).IsAvailable);
    }

    [Theory]
    [InlineData("http://10.0.0.9/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("http://10.0.0.1:81/")]
    [InlineData("http://10.0.0.1/v2")]
    [InlineData("http://10.0.0.1/?x=1")]
    [InlineData("ftp://10.0.0.1/")]
    [InlineData("10.0.0.1")]
    public void An_address_that_no_endpoint_has_can_neither_be_drained_nor_resumed(string address)
    {
        var cluster = TestCluster.Of(A, B);
        var snapshot = cluster.Snapshot;
        var unknown = new Uri(address, UriKind.RelativeOrAbsolute);

        Assert.False(cluster.TryDrain(unknown));
        Assert.False(cluster.TryResume(unknown));
        Assert.Same(snapshot, cluster.Snapshot);
    }

    [Theory]
    [InlineData("http://api.example/v1", "http://api.example/v1/")]
    [InlineData("http://api.example/v1/", "http://API.Example:80/v1")]
    [InlineData("https://api.example", "https://api.example:443/")]
    [InlineData("http://[::1]:5000", "http://[0:0:0:0:0:0:0:1]:5000/")]
    public void Addresses_are_compared_by_scheme_host_port_and_base_path(string listed, string asked)
    {
        var cluster = TestCluster.Of(listed);

        Assert.True(cluster.TryDrain(new Uri(asked)));
        Assert.False(cluster.Endpoints[0].IsAvailable);
        Assert.True(cluster.TryResume(new Uri(asked)));

        var snapshot = cluster.Snapshot;
        cluster.List(asked);
        Assert.Same(snapshot, cluster.Snapshot);
    }

    [Fact]
    public void A_drain_reaches_only_the_endpoint_with_the_same_base_path()
    {
        var cluster = TestCluster.Of("http://10.0.0.1/blue", "http://10.0.0.1/Blue");

        cluster.TryDrain(new Uri("http://10.0.0.1/blue/"));

        Assert.Equal([false, true], cluster.Endpoints.Select(static endpoint => endpoint.IsAvailable));
    }

    [Fact]
    public void A_drain_by_hand_lasts_while_the_address_is_away()
    {
        var cluster = TestCluster.Of(A, B);
        cluster.TryDrain(new Uri(A));
        cluster.List(B);
        Assert.DoesNotContain(cluster.Endpoints, static endpoint => endpoint.Address == new Uri(A));

        cluster.List(A, B);

        Assert.False(cluster.At(A).IsAvailable);
        Assert.All(cluster.Acquire(times: 10), static endpoint => Assert.Equal(new Uri(B), endpoint.Address));
        Assert.True(cluster.TryResume(new Uri(A)));
        Assert.Contains(cluster.At(A), cluster.Acquire(times: 10));
    }

    [Fact]
    public void A_drain_by_hand_can_be_ended_while_the_address_is_away()
    {
        var cluster = TestCluster.Of(A, B);
        cluster.TryDrain(new Uri(A));
        cluster.List(B);

        Assert.True(cluster.TryResume(new Uri(A)));
        cluster.List(A, B);

        Assert.True(cluster.At(A).IsAvailable);
        Assert.True(cluster.TryResume(new Uri(A)));
        cluster.List(B);
        Assert.False(cluster.TryResume(new Uri(A)));
    }

    [Fact]
    public void A_drain_by_hand_survives_a_changed_weight()
    {
        var cluster = TestCluster.Of(A, B);
        cluster.TryDrain(new Uri(A));

        cluster.Update([Backends.Described(A, weight: 5), Backends.Described(B)]);

        Assert.False(cluster.At(A).IsAvailable);
    }

    [Fact]
    public void An_endpoint_of_weight_0_is_drained_until_its_weight_is_raised()
    {
        var cluster = TestCluster.Create();
        cluster.Update([Backends.Described(A, weight: 0), Backends.Described(B)]);
        var a = cluster.At(A);

        Assert.Equal(EndpointHealth.Draining, a.Health);
        Assert.DoesNotContain(a, cluster.Acquire(times: 10));
        Assert.True(cluster.TryResume(a.Address));
        Assert.False(a.IsAvailable);

        cluster.Update([Backends.Described(A, weight: 2), Backends.Described(B)]);

        Assert.Contains(a, cluster.Acquire(times: 10));
    }

    [Fact]
    public void An_endpoint_drained_by_hand_and_by_weight_resumes_when_both_are_lifted()
    {
        var cluster = TestCluster.Of(A, B);
        cluster.TryDrain(new Uri(A));
        cluster.Update([Backends.Described(A, weight: 0), Backends.Described(B)]);

        cluster.TryResume(new Uri(A));
        Assert.False(cluster.At(A).IsAvailable);

        cluster.TryDrain(new Uri(A));
        cluster.Update([Backends.Described(A), Backends.Described(B)]);
        Assert.False(cluster.At(A).IsAvailable);

        cluster.TryResume(new Uri(A));
        Assert.True(cluster.At(A).IsAvailable);
    }

    [Fact]
    public void Requests_that_allow_https_only_never_go_over_http()
    {
        var cluster = TestCluster.Of(A, "https://10.0.0.2/", B, "https://10.0.0.4/");

        Assert.All(cluster.Acquire(times: 20, httpsOnly: true), static endpoint => Assert.Equal("https", endpoint.Address.Scheme));
        Assert.Equal(4, cluster.Acquire(times: 20).Distinct().Count());

        cluster.TryDrain(new Uri("https://10.0.0.2/"));
        Assert.All(cluster.Acquire(times: 5, httpsOnly: true), static endpoint => Assert.Equal(new Uri("https://10.0.0.4/"), endpoint.Address));

        cluster.TryDrain(new Uri("https://10.0.0.4/"));
        Assert.Null(cluster.Acquire(httpsOnly: true));
        Assert.NotNull(cluster.Acquire());
    }

    [Fact]
    public void Requests_that_allow_https_only_follow_a_change_of_membership()
    {
        var cluster = TestCluster.Of(A, "https://10.0.0.2/");

        cluster.List(A, "https://10.0.0.3/");
        Assert.All(cluster.Acquire(times: 4, httpsOnly: true), static endpoint => Assert.Equal(new Uri("https://10.0.0.3/"), endpoint.Address));

        cluster.List("https://10.0.0.3/", "https://10.0.0.4/");
        Assert.Equal(2, cluster.Acquire(times: 4, httpsOnly: true).Distinct().Count());

        cluster.List(A);
        Assert.Null(cluster.Acquire(httpsOnly: true));
    }

    [Fact]
    public void An_endpoint_that_leaves_a_mixed_cluster_is_forgotten_for_https_too()
    {
        var cluster = TestCluster.Of(A, "https://10.0.0.2/");
        var lease = cluster.Acquire(httpsOnly: true)!;
        cluster.List(A, "https://10.0.0.3/");

        lease.Release();

        Assert.DoesNotContain(lease.Endpoint, cluster.Endpoints);
        Assert.All(cluster.Acquire(times: 4, httpsOnly: true), static endpoint => Assert.Equal(new Uri("https://10.0.0.3/"), endpoint.Address));
    }

    [Fact]
    public void The_list_of_all_endpoints_is_the_same_object_until_membership_or_a_weight_changes()
    {
        var cluster = TestCluster.Of(A, "https://10.0.0.2/", C);
        var (all, https) = (cluster.Snapshot.GetView(httpsOnly: false).Set.All, cluster.Snapshot.GetView(httpsOnly: true).Set.All);

        cluster.TryDrain(new Uri(A));
        Assert.Same(all, cluster.Snapshot.GetView(httpsOnly: false).Set.All);
        Assert.Same(https, cluster.Snapshot.GetView(httpsOnly: true).Set.All);
        cluster.TryDrain(new Uri("https://10.0.0.2/"));
        cluster.TryResume(new Uri(A));
        Assert.Same(all, cluster.Snapshot.GetView(httpsOnly: false).Set.All);
        Assert.Same(https, cluster.Snapshot.GetView(httpsOnly: true).Set.All);

        cluster.Update([Backends.Described(A), Backends.Described("https://10.0.0.2/"), Backends.Described(C, weight: 2)]);
        Assert.NotSame(all, cluster.Snapshot.GetView(httpsOnly: false).Set.All);
        all = cluster.Snapshot.GetView(httpsOnly: false).Set.All;
        cluster.List(A, C);
        Assert.NotSame(all, cluster.Snapshot.GetView(httpsOnly: false).Set.All);
    }

    [Fact]
    public void A_strategy_gets_its_own_previous_picker_and_no_other_strategy_s()
    {
        var given = new List<EndpointPicker?>();
        EndpointPicker? made = null;
        var recorder = new RecordingStrategy(set =>
        {
            given.Add(set.PreviousPicker);
            return made = new StubStrategy("Inner").CreatePicker(set);
        });
        var cluster = TestCluster.Of(A, B);

        cluster.Configure(TestCluster.Settings(recorder));
        Assert.Null(Assert.Single(given));

        var previous = made;
        cluster.TryDrain(new Uri(A));
        Assert.Same(previous, given[^1]);
    }

    [Fact]
    public void No_endpoint_is_acquired_if_the_picker_picks_none()
    {
        var cluster = TestCluster.Of(new StubStrategy("None", static _ => null), A, B);

        Assert.Null(cluster.Acquire());
    }

    [Fact]
    public void A_picker_that_picks_an_excluded_endpoint_is_overruled_by_the_first_that_is_not()
    {
        var cluster = TestCluster.Of(new StubStrategy("First"), A, B, C);

        Assert.Same(cluster.At(B), cluster.Acquire(httpsOnly: false, cluster.At(A))!.Endpoint);
        Assert.Same(cluster.At(C), cluster.Acquire(httpsOnly: false, cluster.At(A), cluster.At(B))!.Endpoint);
        Assert.Null(cluster.Acquire(httpsOnly: false, [.. cluster.Endpoints]));
    }

    [Fact]
    public void A_picker_that_picks_a_drained_endpoint_is_overruled_by_the_first_that_is_available()
    {
        var cluster = TestCluster.Of(new StubStrategy("FirstOfAll", static endpoints => endpoints.All[0]), A, B, C);

        cluster.TryDrain(new Uri(A));
        Assert.Same(cluster.At(B), cluster.Acquire()!.Endpoint);

        cluster.TryDrain(new Uri(B));
        Assert.Same(cluster.At(C), cluster.Acquire()!.Endpoint);

        cluster.TryDrain(new Uri(C));
        Assert.Null(cluster.Acquire());
    }

    [Fact]
    public void A_lease_counts_in_flight_until_it_is_released()
    {
        var cluster = TestCluster.Of(A);

        var first = cluster.Acquire()!;
        var second = cluster.Acquire()!;

        Assert.Equal(2, cluster.Endpoints[0].InFlight);
        first.Release();
        Assert.Equal(1, cluster.Endpoints[0].InFlight);
        second.Release();
        Assert.Equal(0, cluster.Endpoints[0].InFlight);
    }

    [Fact]
    public void No_request_goes_to_a_drained_endpoint_once_it_is_idle()
    {
        const int Rounds = 300;
        var cluster = TestCluster.Of(A, B);
        var a = cluster.At(A);
        var (idle, done, violations) = (false, false, 0);
        var acquired = new int[3];

        Concurrently.Run(4, thread =>
        {
            if (thread < 3)
            {
                while (!Volatile.Read(ref done))
                {
                    var lease = cluster.Acquire()!;

                    // The lease is still held, so the endpoint was seen idle before this lease existed.
                    if (lease.Endpoint == a && Volatile.Read(ref idle))
                    {
                        Interlocked.Increment(ref violations);
                    }

                    lease.Release();
                    Interlocked.Increment(ref acquired[thread]);
                }

                return;
            }

            for (var round = 0; round < Rounds; round++)
            {
                Assert.True(cluster.TryDrain(a.Address));
                SpinWait.SpinUntil(() => a.InFlight == 0);
                Volatile.Write(ref idle, true);
                var goal = acquired.Sum() + 10;
                SpinWait.SpinUntil(() => acquired.Sum() >= goal);
                Volatile.Write(ref idle, false);
                Assert.True(cluster.TryResume(a.Address));
            }

            Volatile.Write(ref done, true);
        });

        Assert.Equal(0, violations);
        Assert.All(cluster.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    [Fact]
    public void Endpoints_that_come_and_go_under_load_leave_nothing_behind()
    {
        var cluster = TestCluster.Of(A, B);
        var done = false;

        Concurrently.Run(4, thread =>
        {
            if (thread < 3)
            {
                while (!Volatile.Read(ref done))
                {
                    cluster.Acquire()!.Release();
                }

                return;
            }

            for (var round = 0; round < 500; round++)
            {
                cluster.List(A, C);
                cluster.List(A, B);
            }

            Volatile.Write(ref done, true);
        });

        Assert.Equal([A, B], cluster.Endpoints.Select(static endpoint => endpoint.Address.ToString()));
        Assert.All(cluster.Endpoints, static endpoint => Assert.Equal(0, endpoint.InFlight));
    }

    [Fact]
    public void A_new_cluster_allocates_less_than_4_kB()
    {
        // Each name that passes through has a cluster, and a crawler requests thousands of names.
        const int Clusters = 100;

        TestCluster.Create();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Clusters; i++)
        {
            TestCluster.Create();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Clusters, 0, 4_000);
    }

    [Fact]
    public void The_log_tells_of_a_change_before_it_tells_what_follows_from_it()
    {
        const int Listed = 1, Ejected = 10, Unhealthy = 12, Healthy = 13, PanicBegan = 14, PanicEnded = 15, SpillOver = 26, SubsetChanged = 28;

        var subset = new ClusterLab(2, static options => options.Subset.Size = 1);
        var used = Assert.Single(subset.Cluster.Endpoints);
        for (var i = 0; i < 5; i++)
        {
            subset.End(EndpointLease.TryTake(used, subset.Time.GetTimestamp())!, AttemptVerdict.Refused);
        }

        Assert.Equal([Listed, SubsetChanged, Ejected, SubsetChanged], Told(subset));

        var outage = new ClusterLab(2);
        outage.Cluster.Update([.. ClusterLab.Described(0, 1).Select(static endpoint => endpoint with { Report = HealthReport.Unhealthy })]);
        outage.List(2);
        Assert.Equal([Listed, Unhealthy, Unhealthy, PanicBegan, Healthy, Healthy, PanicEnded], Told(outage));

        var levels = new ClusterLab(0);
        levels.Cluster.Update([.. ClusterLab.Described(0, 1).Select(static (endpoint, index) => endpoint with { Priority = index })]);
        levels.Refuse(0, times: 5);
        Assert.Equal([Listed, Ejected, SpillOver], Told(levels));

        static IEnumerable<int> Told(ClusterLab lab) => lab.Log.Collector.GetSnapshot().Select(static record => record.Id.Id);
    }

    [Fact]
    public void Twice_as_many_endpoints_that_leave_together_cost_about_twice_as_much()
    {
        // The first one includes what the runtime allocates once.
        AllocateForLeavers(10);
        var (few, many) = (AllocateForLeavers(1000), AllocateForLeavers(2000));

        Assert.InRange((double)many / few, 1, 2.5);

        static long AllocateForLeavers(int count)
        {
            var cluster = TestCluster.Create();
            cluster.List([A, .. Enumerable.Range(0, count).Select(static index => Backends.AddressOf(index).ToString())]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            cluster.List(A);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private sealed class RecordingStrategy(Func<EndpointSet, EndpointPicker> create) : ILoadBalancingStrategy
    {
        public string Name => "Recording";

        public EndpointPicker CreatePicker(EndpointSet endpoints) => create(endpoints);
    }
}
