using System.Net;

namespace ClientSideLb.Tests;

/// <summary>A client with a subset uses only some of the endpoints.</summary>
public sealed class SubsetTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 1000).Select(static i => $"user-{i}")];

    [Fact]
    public void Picks_stay_within_as_many_endpoints_as_asked_for()
    {
        var lab = Lab(400, size: 20);

        Assert.Equal(20, lab.Cluster.Endpoints.Count);
        Assert.Equal(400, lab.Cluster.ListedEndpointCount);
        Assert.Equal(lab.Cluster.Endpoints.ToHashSet(), Pick(lab, 1000).ToHashSet());
    }

    [Fact]
    public void A_subset_of_as_many_endpoints_as_there_are_is_all_of_them()
    {
        var lab = Lab(5, size: 7);

        Assert.Equal(5, lab.Cluster.Endpoints.Count);
        Assert.Equal(5, Pick(lab, 100).Distinct().Count());
    }

    [Fact]
    public void Equal_clients_use_the_same_endpoints_however_these_are_listed()
    {
        var lab = Lab(0, size: 5, clientId: "pod-1");
        var other = Lab(0, size: 5, clientId: "pod-1");
        lab.List(50);
        other.List([.. Enumerable.Range(0, 50).Reverse()]);

        Assert.Equal(Used(lab), Used(other));
    }

    [Fact]
    public void Clients_use_different_endpoints_and_together_all_of_them_about_alike()
    {
        const int Clients = 300;
        const int Endpoints = 30;
        var users = Enumerable.Range(0, Clients).SelectMany(static client => Used(Lab(Endpoints, size: 5, clientId: $"pod-{client}"))).CountBy(static address => address).ToList();

        // Each endpoint has a binomial number of clients: 50 in the mean, 6.5 as the standard deviation.
        Assert.Equal(Endpoints, users.Count);
        Assert.All(users, static user => Assert.InRange(user.Value, 50 - 26, 50 + 26));
    }

    [Fact]
    public void Clients_of_one_process_share_a_random_identity()
    {
        var lab = Lab(50, size: 5, clientId: null);
        var other = Lab(50, size: 5, clientId: null);

        Assert.Equal(Used(lab), Used(other));
        Assert.NotEqual(Used(lab), Used(Lab(50, size: 5, clientId: "pod-1")));
    }

    [Fact]
    public void The_next_endpoint_takes_the_place_of_one_that_is_out_until_that_is_back()
    {
        var lab = Lab(50, size: 5);
        var before = Used(lab);
        var ejected = lab.Cluster.Endpoints[2];
        Eject(lab, ejected);

        Assert.Equal(6, lab.Cluster.Endpoints.Count);
        Assert.Equal(5, lab.Cluster.Endpoints.Count(static endpoint => endpoint.IsAvailable));
        Assert.Equal(5, Pick(lab, 100).Distinct().Count());
        Assert.Superset(before, Used(lab));

        var substitute = lab.Cluster.Endpoints.Single(endpoint => !before.Contains(endpoint.Address));
        lab.Advance(seconds: 20);
        lab.End(lab.Acquire()!, AttemptVerdict.Success);

        Assert.True(ejected.IsAvailable);
        Assert.Equal(before, Used(lab));
        Assert.False(substitute.IsAvailable);
        Assert.DoesNotContain(substitute, Pick(lab, 100));
    }

    [Fact]
    public void An_endpoint_that_leaves_the_subset_and_returns_is_the_same_object()
    {
        var lab = Lab(50, size: 5);
        var before = lab.Cluster.Endpoints.ToList();
        lab.List([.. Enumerable.Range(0, 50).Where(index => Backends.AddressOf(index) != before[0].Address)]);
        var substitute = lab.Cluster.Endpoints.Single(endpoint => !before.Contains(endpoint));
        lab.List(50);
        Assert.DoesNotContain(substitute, lab.Cluster.Endpoints);

        lab.List([.. Enumerable.Range(0, 50).Where(index => Backends.AddressOf(index) != before[1].Address)]);
        Assert.Contains(substitute, lab.Cluster.Endpoints);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_subset_never_runs_dry_while_the_cluster_has_an_endpoint_that_works(int size)
    {
        var lab = Lab(12, size, configure: static options => options.OutlierDetection.MaxEjectionRatio = 1);
        var working = Backends.AddressOf(7);

        var failures = 0;
        ClusterEndpoint endpoint;
        do
        {
            var lease = lab.Acquire()!;
            endpoint = lease.Endpoint;
            lab.End(lease, endpoint.Address == working ? AttemptVerdict.Success : AttemptVerdict.Failure);
            failures++;
        }
        while (endpoint.Address != working && failures < 1000);

        Assert.Equal(working, endpoint.Address);
        Assert.False(lab.Cluster.InPanic);
    }

    [Fact]
    public void An_outage_that_ends_while_an_endpoint_is_outside_of_the_subset_is_over_for_it_too()
    {
        var lab = Lab(0, size: 1, configure: static options => options.OutlierDetection.MaxEjectionRatio = 1);
        lab.List(4);
        var first = Assert.Single(lab.Cluster.Endpoints);
        lab.List([.. Enumerable.Range(0, 4).Where(index => Backends.AddressOf(index) != first.Address)]);
        while (!lab.Cluster.InPanic)
        {
            lab.End(lab.Acquire()!, AttemptVerdict.Failure);
        }

        lab.List(4);
        Assert.False(lab.Cluster.InPanic);
        Eject(lab, Assert.Single(lab.Cluster.Endpoints));

        Assert.False(lab.Cluster.InPanic);
        Assert.Single(lab.Cluster.Endpoints, static endpoint => endpoint.IsAvailable);
    }

    [Fact]
    public void At_most_the_ejectable_part_of_the_whole_cluster_is_ejected()
    {
        var lab = Lab(8, size: 2);
        for (var i = 0; i < 500; i++)
        {
            lab.End(lab.Acquire()!, AttemptVerdict.Failure);
        }

        Assert.Equal(4, lab.Count(EndpointHealth.Ejected));
        Assert.Equal(2, lab.Cluster.Endpoints.Count(static endpoint => endpoint.IsAvailable));
    }

    [Fact]
    public void An_endpoint_of_unknown_health_takes_the_place_of_an_unhealthy_one_and_waits_for_its_probe()
    {
        var lab = Lab(50, size: 3, configure: static options => options.ActiveHealthCheck.Enabled = true);
        var before = lab.Cluster.Endpoints.ToList();
        before.ForEach(endpoint => lab.Cluster.ObserveProbe(endpoint, passes: true, lab.Time.GetTimestamp()));
        for (var i = 0; i < 2; i++)
        {
            lab.Cluster.ObserveProbe(before[0], passes: false, lab.Time.GetTimestamp());
        }

        Assert.Equal(EndpointHealth.Unhealthy, before[0].Health);
        var substitute = lab.Cluster.Endpoints.Single(endpoint => !before.Contains(endpoint));
        Assert.DoesNotContain(substitute, Pick(lab, 50));

        lab.Cluster.ObserveProbe(substitute, passes: true, lab.Time.GetTimestamp());
        Assert.Contains(substitute, Pick(lab, 50));
    }

    [Fact]
    public void An_endpoint_that_returns_to_the_subset_waits_for_a_new_probe()
    {
        var lab = Lab(50, size: 3, configure: static options => options.ActiveHealthCheck.Enabled = true);
        var before = lab.Cluster.Endpoints.ToList();
        Probe(before[0], before[1], before[2]);
        FailProbes(before[0]);
        var substitute = lab.Cluster.Endpoints.Single(endpoint => !before.Contains(endpoint));
        Probe(substitute);
        Probe(before[0], before[0]);
        Assert.DoesNotContain(substitute, lab.Cluster.Endpoints);

        lab.Advance(seconds: 3600);
        FailProbes(before[1]);

        Assert.Contains(substitute, lab.Cluster.Endpoints);
        Assert.DoesNotContain(substitute, Pick(lab, 50));
        Probe(substitute);
        Assert.Contains(substitute, Pick(lab, 50));

        void Probe(params ClusterEndpoint[] endpoints) => Array.ForEach(endpoints, endpoint => lab.Cluster.ObserveProbe(endpoint, passes: true, lab.Time.GetTimestamp()));

        void FailProbes(ClusterEndpoint endpoint)
        {
            for (var i = 0; i < 2; i++)
            {
                lab.Cluster.ObserveProbe(endpoint, passes: false, lab.Time.GetTimestamp());
            }
        }
    }

    [Fact]
    public void A_drained_endpoint_is_replaced()
    {
        var lab = Lab(50, size: 4);
        var drained = lab.Cluster.Endpoints[0];
        Assert.True(lab.Cluster.TryDrain(drained.Address));

        Assert.Equal(4, Pick(lab, 100).Distinct().Count());
        Assert.DoesNotContain(drained, Pick(lab, 100));
    }

    [Fact]
    public void An_endpoint_outside_of_the_subset_can_be_drained_before_it_is_used()
    {
        var lab = Lab(3, size: 1);
        var used = Assert.Single(lab.Cluster.Endpoints);
        Uri[] others = [.. Enumerable.Range(0, 3).Select(Backends.AddressOf).Where(address => address != used.Address)];
        Assert.True(lab.Cluster.TryDrain(others[0]));
        Assert.True(lab.Cluster.TryDrain(used.Address));

        Assert.All(Pick(lab, 20), endpoint => Assert.Equal(others[1], endpoint.Address));
    }

    [Fact]
    public void An_endpoint_that_rejects_is_replaced_until_it_has_room()
    {
        var lab = Lab(50, size: 1, configure: static options => options.Failover.MoveRejected = true);
        var cheap = Assert.Single(lab.Cluster.Endpoints);
        lab.Reject(lab.Acquire()!, TimeSpan.FromSeconds(10));

        Assert.DoesNotContain(cheap, Pick(lab, 20));
        lab.Advance(seconds: 10);
        Assert.All(Pick(lab, 20), endpoint => Assert.Same(cheap, endpoint));
    }

    [Fact]
    public void An_endpoint_that_rejected_and_left_the_subset_is_back_when_its_time_is_over()
    {
        var lab = Lab(50, size: 2, configure: static options => options.Failover.MoveRejected = true);
        var rejecting = lab.Cluster.Endpoints[0];
        lab.Reject(EndpointLease.TryTake(rejecting, lab.Time.GetTimestamp())!, TimeSpan.FromSeconds(10));
        lab.Reload(options => (options.Subset.Size, options.Subset.ClientId, options.Failover.MoveRejected) = (2, FindOther(rejecting), true));
        Assert.Equal(EndpointHealth.Ejected, rejecting.Health);
        Assert.DoesNotContain(rejecting, lab.Cluster.Endpoints);

        lab.Advance(seconds: 10);
        Assert.Equal(EndpointHealth.Healthy, rejecting.Health);
    }

    [Fact]
    public void Each_level_has_a_subset_of_its_own()
    {
        var lab = Lab(0, size: 3, configure: static options => options.Zone = "a");
        lab.Cluster.Update([.. Enumerable.Range(0, 60).Select(static index =>
            new EndpointDescription(new EndpointAddress(Backends.AddressOf(index)), Zone: index % 3 == 0 ? "a" : "b", Priority: index / 30))]);

        Assert.Equal(
            [(0, true, 3), (0, false, 3), (1, true, 3), (1, false, 3)],
            lab.Cluster.Levels.Select(static level => (level.Priority, level.IsLocal, level.Endpoints.Count)));
        Assert.All(Pick(lab, 50), static endpoint => Assert.Equal((0, "a"), (endpoint.Priority, endpoint.Zone)));
    }

    [Theory]
    [InlineData(1, 1, 70)]
    [InlineData(20, 8, 100)]
    [InlineData(20, 9, 96)]
    public void A_level_leaves_requests_to_the_next_one_by_the_endpoints_in_use(int size, int outOfLevel, int percent)
    {
        var lab = Lab(0, size);
        lab.Cluster.Update([.. Enumerable.Range(0, 100).Select(static index => new EndpointDescription(new EndpointAddress(Backends.AddressOf(index)), Priority: index / 50))]);
        for (var i = 0; i < outOfLevel; i++)
        {
            Eject(lab, lab.Cluster.Levels[0].Endpoints.First(static endpoint => endpoint.IsAvailable));
        }

        Assert.Equal(percent / 100.0, lab.Cluster.Levels[0].Share);
        Assert.Equal((size + outOfLevel, size), (lab.Cluster.Levels[0].Endpoints.Count, lab.Cluster.Levels[0].Available));
    }

    [Fact]
    public void A_request_that_allows_https_only_has_a_subset_of_https_endpoints()
    {
        var lab = Lab(0, size: 4);
        lab.Cluster.List([.. Enumerable.Range(0, 100).Select(static index => $"{(index % 20 == 0 ? "https" : "http")}://10.0.0.{index}:1/")]);

        Assert.Equal(4, Enumerable.Range(0, 100).Select(_ => Release(lab.Acquire(httpsOnly: true)!)).Distinct().Count());
        Assert.InRange(lab.Cluster.Endpoints.Count, 4, 8);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    [InlineData(LoadBalancingStrategies.IpHash)]
    public void With_a_strategy_of_keys_an_outage_moves_only_the_keys_of_the_endpoint_that_is_out(string strategy)
    {
        var lab = Lab(50, size: 5, strategy: strategy);
        var before = Owners(lab);
        var ejected = lab.Cluster.Endpoints[2];
        Eject(lab, ejected);

        var during = Owners(lab);
        Assert.DoesNotContain(ejected, during);
        Assert.All(before.Zip(during).Where(pair => pair.First != ejected), static pair => Assert.Same(pair.First, pair.Second));

        lab.Cluster.Endpoints.Except([ejected]).ToList().ForEach(endpoint => Eject(lab, endpoint));
        Assert.Single(Owners(lab).Distinct());
        Assert.False(lab.Cluster.InPanic);
    }

    [Fact]
    public void A_reload_of_the_size_keeps_the_endpoints_that_are_used()
    {
        var lab = Lab(50, size: 5);
        var before = Used(lab);

        lab.Reload(static options => (options.Subset.Size, options.Subset.ClientId) = (8, "pod-0"));
        Assert.Equal(8, lab.Cluster.Endpoints.Count);
        Assert.Superset(before, Used(lab));

        lab.Reload(static _ => { });
        Assert.Equal(50, Pick(lab, 200).Distinct().Count());
        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
    }

    [Fact]
    public void A_cluster_is_kept_while_an_endpoint_that_left_the_subset_has_requests()
    {
        var lab = Lab(50, size: 1);
        var lease = lab.Acquire()!;
        lab.Reload(options => (options.Subset.Size, options.Subset.ClientId) = (1, FindOther(lease.Endpoint)));
        Assert.DoesNotContain(lease.Endpoint, lab.Cluster.Endpoints);

        Assert.True(lab.Cluster.IsHeld);
        lease.Release();
        Assert.False(lab.Cluster.IsHeld);
    }

    [Fact]
    public void A_change_of_the_subset_is_logged_once()
    {
        var lab = Lab(50, size: 5);
        Assert.Contains("5 of 50", Assert.Single(lab.Logged(28)), StringComparison.Ordinal);

        Eject(lab, lab.Cluster.Endpoints[0]);
        Assert.Contains("6 of 50", Assert.Single(lab.Logged(28).Skip(1)), StringComparison.Ordinal);

        lab.List(50);
        Assert.Equal(2, lab.Logged(28).Count);
        Assert.Empty(new ClusterLab(5).Logged(28));
    }

    private static ClusterLab Lab(
        int endpoints, int size, string? clientId = "pod-0", string strategy = LoadBalancingStrategies.RoundRobin, Action<LoadBalancingOptions>? configure = null) => new(
        endpoints,
        options =>
        {
            options.Subset.Size = size;
            options.Subset.ClientId = clientId;
            configure?.Invoke(options);
        },
        strategy switch
        {
            LoadBalancingStrategies.ConsistentHash => new ConsistentHashStrategy(),
            LoadBalancingStrategies.Maglev => new MaglevStrategy(),
            LoadBalancingStrategies.IpHash => new IpHashStrategy(),
            _ => new RoundRobinStrategy(),
        },
        new SeededRandom(1));

    private static HashSet<Uri> Used(ClusterLab lab) => [.. lab.Cluster.Endpoints.Select(static endpoint => endpoint.Address)];

    private static string FindOther(ClusterEndpoint endpoint) =>
        Enumerable.Range(1, 100).Select(static i => $"pod-{i}").First(id => !Used(Lab(50, size: 2, clientId: id)).Contains(endpoint.Address));

    private static void Eject(ClusterLab lab, ClusterEndpoint endpoint)
    {
        for (var i = 0; i < lab.Options.OutlierDetection.ConsecutiveFailures; i++)
        {
            lab.End(EndpointLease.TryTake(endpoint, lab.Time.GetTimestamp())!, AttemptVerdict.Failure);
        }

        Assert.Equal(EndpointHealth.Ejected, endpoint.Health);
    }

    private static ClusterEndpoint Release(EndpointLease lease)
    {
        lease.Release();
        return lease.Endpoint;
    }

    private static List<ClusterEndpoint> Pick(ClusterLab lab, int picks)
    {
        var random = new SeededRandom(7);
        return [.. Enumerable.Range(0, picks).Select(_ => Release(lab.Cluster.Acquire(new PickContext(random), TestCluster.AnyEndpoint)!))];
    }

    private static List<ClusterEndpoint> Owners(ClusterLab lab) =>
    [
        .. Keys.Select((key, index) => Release(lab.Cluster.Acquire(
            new PickContext(new SeededRandom(1), key, new IPAddress([10, 0, (byte)(index >> 8), (byte)index])), TestCluster.AnyEndpoint)!)),
    ];
}
