using ClientSideLb.PublicApi.Tests.Strategies;

namespace ClientSideLb.PublicApi.Tests.StrategyTests;

/// <summary>How each strategy that does not hash spreads its picks.</summary>
public sealed class StrategyTests
{
    [Fact]
    public void Round_robin_gives_each_endpoint_the_same_number_whatever_its_weight()
    {
        var endpoints = Endpoints.Weighted(1, 5, 2);
        var picker = new RoundRobinStrategy().CreatePicker(Endpoints.SetOf(endpoints));

        Assert.Equal([100, 100, 100], Endpoints.CountPicks(picker, endpoints, picks: 300));
    }

    [Fact]
    public void Smooth_weighted_spreads_the_turns_of_a_heavy_endpoint()
    {
        var endpoints = Endpoints.Weighted(5, 1, 1);
        var picker = new SmoothWeightedStrategy().CreatePicker(Endpoints.SetOf(endpoints));
        var context = new PickContext(new Random(1));

        var turns = string.Concat(Enumerable.Range(0, 14).Select(_ => "abc"[Array.IndexOf(endpoints, picker.Pick(in context))]));

        // Two cycles hold one whole cycle, wherever they start.
        Assert.Contains("aabacaa", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Weighted_random_draws_in_proportion_to_the_weights()
    {
        var endpoints = Endpoints.Weighted(1, 3);
        var picker = new WeightedRandomStrategy().CreatePicker(Endpoints.SetOf(endpoints));

        Assert.InRange(Endpoints.CountPicks(picker, endpoints, picks: 10_000)[0], 2_250, 2_750);
    }

    [Fact]
    public void Least_connections_breaks_ties_of_the_least_busy_endpoints_at_random()
    {
        var endpoints = Endpoints.Busy(1, 3, 1, 1);
        var picker = new LeastConnectionsStrategy().CreatePicker(Endpoints.SetOf(endpoints));

        var counts = Endpoints.CountPicks(picker, endpoints, picks: 3_000);

        Assert.Equal(0, counts[1]);
        Assert.All([counts[0], counts[2], counts[3]], static count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void Least_connections_compares_by_weight()
    {
        ClusterEndpoint[] endpoints =
        [
            new ClusterEndpoint(Endpoints.AddressOf(0), weight: 4, inFlight: 5),
            new ClusterEndpoint(Endpoints.AddressOf(1), weight: 1, inFlight: 2),
        ];
        var picker = new LeastConnectionsStrategy().CreatePicker(Endpoints.SetOf(endpoints));

        Assert.Equal([10, 0], Endpoints.CountPicks(picker, endpoints, picks: 10));
    }

    [Fact]
    public void Two_choices_never_picks_the_busiest_endpoint_and_often_one_that_is_not_the_least_busy()
    {
        var endpoints = Endpoints.Busy(9, 0, 1, 2);
        var picker = new TwoChoicesStrategy().CreatePicker(Endpoints.SetOf(endpoints));

        var counts = Endpoints.CountPicks(picker, endpoints, picks: 6_000);

        // There are six pairs. Three hold the least busy endpoint, two more hold the next one, and one is left for the third.
        Assert.Equal(0, counts[0]);
        Assert.InRange(counts[1], 2_700, 3_300);
        Assert.InRange(counts[2], 1_700, 2_300);
        Assert.InRange(counts[3], 800, 1_200);
    }
}
