namespace ClientSideLb.Tests;

public sealed class PowerOfTwoChoicesStrategyTests
{
    [Fact]
    public void Of_two_distinct_endpoints_the_less_loaded_wins_whichever_two_are_drawn()
    {
        int[] loads = [3, 0, 2, 1, 4];
        var endpoints = Loaded([1, 1, 1, 1, 1], loads);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        var pairs = new List<(int Less, int More)>();

        for (var first = 0; first < loads.Length; first++)
        {
            for (var second = 0; second < loads.Length - 1; second++)
            {
                var pick = Array.IndexOf(endpoints, picker.Pick(new PickContext(Drawing(loads.Length, first, second))));
                var other = second < first ? second : second + 1;
                Assert.Equal(loads[first] < loads[other] ? first : other, pick);
                pairs.Add((Math.Min(first, other), Math.Max(first, other)));
            }
        }

        // Every pair comes up, and as often as every other.
        Assert.Equal(10, pairs.Distinct().Count());
        Assert.All(pairs.GroupBy(static pair => pair), static pair => Assert.Equal(2, pair.Count()));
    }

    [Fact]
    public void So_it_is_where_there_are_more_pairs_than_one_draw_can_tell_apart()
    {
        var endpoints = Backends.Equal(50_000);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        endpoints[40_000].AddInFlight();

        Assert.Same(endpoints[49_999], picker.Pick(new PickContext(new ScriptedRandom(40_000, 49_998))));
        Assert.Same(endpoints[49_999], picker.Pick(new PickContext(new ScriptedRandom(49_999, 40_000))));
        Assert.Same(endpoints[1], picker.Pick(new PickContext(new ScriptedRandom(1, 0))));
    }

    [Fact]
    public void The_load_counts_for_the_weight()
    {
        var endpoints = Loaded([10, 1], [9, 1]);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));

        Assert.Same(endpoints[0], picker.Pick(new PickContext(Drawing(2, 0, 0))));
        Assert.Same(endpoints[0], picker.Pick(new PickContext(Drawing(2, 1, 0))));
    }

    [Fact]
    public void Of_two_that_are_loaded_alike_each_wins_in_proportion_to_its_weight()
    {
        var endpoints = Loaded([3, 1], [3, 1]);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));

        for (var first = 0; first < 2; first++)
        {
            var counts = Spread.Count(
                endpoints, Enumerable.Range(0, 4).Select(draw => picker.Pick(new PickContext(new ScriptedRandom(first, draw)))));
            Assert.Equal([3, 1], counts);
        }
    }

    [Fact]
    public void An_excluded_endpoint_loses_however_idle_it_is()
    {
        var endpoints = Loaded([1, 1, 1], [0, 5, 9]);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        ClusterEndpoint[] excluded = [endpoints[0]];

        Assert.Same(endpoints[2], picker.Pick(new PickContext(Drawing(3, 0, 1), excluded: excluded)));
        Assert.Same(endpoints[2], picker.Pick(new PickContext(Drawing(3, 2, 0), excluded: excluded)));
        Assert.Same(endpoints[1], picker.Pick(new PickContext(Drawing(3, 1, 1), excluded: excluded)));
    }

    [Fact]
    public void A_pair_of_excluded_endpoints_is_drawn_again()
    {
        var endpoints = Loaded([1, 1, 1, 1], [0, 0, 1, 0]);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = Drawing(4, 0, 0, 1, 0, 2, 2);

        Assert.Same(endpoints[3], picker.Pick(new PickContext(random, excluded: [endpoints[0], endpoints[1]])));
        Assert.True(random.IsUsedUp);
    }

    [Fact]
    public void Requests_that_never_end_are_kept_in_balance()
    {
        var endpoints = Backends.Equal(50);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = new SeededRandom(17);

        for (var i = 0; i < 50 * 200; i++)
        {
            picker.Pick(new PickContext(random))!.AddInFlight();
        }

        // Mitzenmacher: the fullest is ahead of the mean by log log n and a constant, where blind chance would be ahead by some 35.
        Assert.All(endpoints, static endpoint => Assert.InRange(endpoint.InFlight, 190, 206));
    }

    // The draws by which pairs come up: the first of an endpoint, the second of one among the others.
    private static ScriptedRandom Drawing(int endpoints, params int[] pairs) =>
        new([.. pairs.Chunk(2).Select(pair => (pair[0] * (endpoints - 1)) + pair[1])]);

    private static ClusterEndpoint[] Loaded(int[] weights, int[] loads)
    {
        var endpoints = Backends.Weighted(weights);
        for (var i = 0; i < loads.Length; i++)
        {
            for (var request = 0; request < loads[i]; request++)
            {
                endpoints[i].AddInFlight();
            }
        }

        return endpoints;
    }
}
