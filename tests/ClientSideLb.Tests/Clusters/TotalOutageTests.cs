namespace ClientSideLb.Tests;

/// <summary>All endpoints fail for a short time, because the network or the client's own proxy was down, and are back.</summary>
public sealed class TotalOutageTests
{
    [Fact]
    public void All_endpoints_are_used_when_the_last_available_one_fails_like_the_others()
    {
        var lab = new ClusterLab(6);

        Enumerable.Range(0, 6).ToList().ForEach(index => lab.Refuse(index, times: 5));

        Assert.True(lab.Cluster.InPanic);
        Assert.Equal(6, lab.Spread(60, 6).Count(static requests => requests > 0));
    }

    [Fact]
    public void All_endpoints_come_back_with_the_first_requests_after_the_outage()
    {
        var lab = new ClusterLab(6);
        Enumerable.Range(0, 6).ToList().ForEach(index => lab.Refuse(index, times: 5));
        lab.Advance(seconds: 1.5);

        for (var i = 0; i < 12; i++)
        {
            lab.End(lab.Acquire()!, AttemptVerdict.Success);
        }

        Assert.False(lab.Cluster.InPanic);
        Assert.Equal([10, 10, 10, 10, 10, 10], lab.Spread(60, 6));
    }

    [Fact]
    public void An_outage_that_lasts_does_not_make_later_ejections_longer()
    {
        var lab = new ClusterLab(3);
        Enumerable.Range(0, 3).ToList().ForEach(index => lab.Refuse(index, times: 5));
        for (var second = 0; second < 300; second++)
        {
            lab.Advance(seconds: 1);
            lab.End(lab.Acquire()!, AttemptVerdict.Refused);
        }

        for (var i = 0; i < 6; i++)
        {
            lab.End(lab.Acquire()!, AttemptVerdict.Success);
        }

        lab.Advance(seconds: 60);
        lab.Refuse(0, times: 5);
        Assert.InRange((lab[0].EjectedUntil!.Value - lab.Time.GetUtcNow()).TotalSeconds, 8, 12);
    }

    [Fact]
    public void An_endpoint_that_is_added_during_the_outage_ends_the_panic_and_gives_each_other_one_a_trial()
    {
        var lab = new ClusterLab(3);
        Enumerable.Range(0, 3).ToList().ForEach(index => lab.Refuse(index, times: 5));

        lab.List(4);

        Assert.False(lab.Cluster.InPanic);
        Assert.All(Enumerable.Range(0, 6), _ => lab.End(lab.Acquire()!, AttemptVerdict.Success));
        Assert.All(lab.Cluster.Endpoints, static endpoint => Assert.True(endpoint.IsAvailable));
    }

    [Fact]
    public void One_endpoint_that_fails_alone_is_no_outage()
    {
        var lab = new ClusterLab(1);

        lab.Refuse(0, times: 20);

        Assert.False(lab.Cluster.InPanic);
        Assert.True(lab[0].IsAvailable);
    }

    [Fact]
    public void A_trial_that_hangs_gives_way_to_another_one_after_the_unanswered_wait()
    {
        var lab = new ClusterLab(3);
        lab.Refuse(0, times: 5);
        lab.LetEjectionPass(0);
        var hanging = lab.Acquire()!;
        Assert.True(hanging.IsTrial);
        Assert.False(lab.Acquire()!.IsTrial);

        lab.Advance(seconds: 1);
        var second = lab.Acquire()!;
        Assert.True(second.IsTrial);
        lab.End(second, AttemptVerdict.Success);

        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
        lab.End(hanging, AttemptVerdict.Abandoned);
        Assert.Equal(EndpointHealth.Healthy, lab[0].Health);
    }

    [Theory]
    [InlineData(LoadBalancingStrategies.ConsistentHash)]
    [InlineData(LoadBalancingStrategies.Maglev)]
    public void The_trial_of_a_keyed_strategy_is_a_request_that_the_endpoint_owns(string strategy)
    {
        var lab = new ClusterLab(4, strategy: strategy == LoadBalancingStrategies.Maglev ? new MaglevStrategy() : new ConsistentHashStrategy());
        var owners = Enumerable.Range(0, 200).ToDictionary(static key => key, key => OwnerOf(lab, key).Endpoint);
        var ejected = lab[0];
        lab.Refuse(0, times: 5);
        lab.LetEjectionPass(0);

        foreach (var (key, owner) in owners)
        {
            var lease = OwnerOf(lab, key);
            Assert.Equal(ReferenceEquals(owner, ejected), lease.IsTrial || ejected.Health == EndpointHealth.Healthy);
            if (!ReferenceEquals(owner, ejected))
            {
                Assert.Same(owner, lease.Endpoint);
                continue;
            }

            Assert.Same(ejected, lease.Endpoint);
            break;
        }
    }

    private static EndpointLease OwnerOf(ClusterLab lab, int key)
    {
        var lease = lab.Cluster.Acquire(new PickContext(new SeededRandom(1), $"key {key}"), TestCluster.AnyEndpoint)!;
        lease.Release();
        return lease;
    }
}
