namespace ClientSideLb.PublicApi.Tests.StrategyTests;

/// <summary>An endpoint in slow start gets from a strategy of an application's own as little as from the library's.</summary>
public sealed class SlowStartTests
{
    private const int Picks = 20_000;

    [Theory]
    [InlineData("MyRoundRobin", LoadBalancingStrategies.RoundRobin)]
    [InlineData("MySmoothWeighted", LoadBalancingStrategies.WeightedRoundRobin)]
    [InlineData("MyWeightedRandom", LoadBalancingStrategies.Random)]
    public void An_endpoint_in_slow_start_gets_about_as_little_as_from_the_library_s_strategy(string name, string builtInName)
    {
        using var client = new BalancedClient(
            StrategyCatalog.ByName[name], ["http://a", "http://b"], configure: static options => options.SlowStart = TimeSpan.FromMinutes(1));
        client.DrainAndResume("http://b");

        var share = ShareOfSlowStart(StrategyCatalog.ByName[name], client);
        var builtInShare = ShareOfSlowStart(client.Strategies.Single(strategy => strategy.Name == builtInName), client);

        // A tenth of the weight is one part in eleven.
        Assert.InRange(share, 0.07, 0.11);
        Assert.InRange(share - builtInShare, -0.02, 0.02);
    }

    [Fact]
    public async Task A_cluster_makes_new_pickers_during_slow_start_until_the_endpoint_has_its_full_weight()
    {
        using var client = new BalancedClient(
            StrategyCatalog.ByName["MySmoothWeighted"], ["http://a", "http://b"], configure: static options => options.SlowStart = TimeSpan.FromMinutes(1));
        client.DrainAndResume("http://b");
        var atFirst = await client.SendAsync(110);

        for (var second = 0; second < 70; second++)
        {
            client.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var afterwards = await client.SendAsync(110);

        Assert.Equal(1, client["http://b"].EffectiveWeight);
        Assert.Equal(10, atFirst.Count(static host => host == "b"));
        Assert.Equal(55, afterwards.Count(static host => host == "b"));
    }

    private static double ShareOfSlowStart(ILoadBalancingStrategy strategy, BalancedClient client)
    {
        ClusterEndpoint[] endpoints = [.. client.Cluster.Endpoints];
        var picker = strategy.CreatePicker(Endpoints.SetOf(endpoints));
        return (double)Endpoints.CountPicks(picker, endpoints, Picks)[Array.IndexOf(endpoints, client["http://b"])] / Picks;
    }
}
