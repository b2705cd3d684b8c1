namespace ClientSideLb.Tests;

public sealed class PowerOfTwoChoicesStrategyTests
{
    [Fact]
    public void The_less_loaded_of_two_distinct_endpoints_wins_and_all_pairs_are_equally_likely() =>
        AssertChances(Backends.Loaded([1, 1, 1, 1, 1], [3, 0, 4, 1, 2]), [1, 4, 0, 3, 2]);

    [Fact]
    public void The_load_counts_for_the_weight() => AssertChances(Backends.Loaded([10, 1], [9, 1]), [1, 0]);

    [Fact]
    public void Two_endpoints_that_are_loaded_alike_win_in_proportion_to_their_weights() => AssertChances(Backends.Loaded([3, 1], [3, 1]), [3, 1]);

    [Fact]
    public void An_excluded_endpoint_loses_however_idle_it_is()
    {
        var endpoints = Backends.Loaded([1, 1, 1], [0, 5, 9]);

        AssertChances(endpoints, [0, 2, 1], excluded: endpoints[0]);
    }

    [Fact]
    public void A_pair_of_excluded_endpoints_is_drawn_again()
    {
        var endpoints = Backends.Loaded([1, 1, 1, 1], [0, 0, 1, 0]);
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = new SeededRandom(3);

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 20_000).Select(_ => picker.Pick(new PickContext(random, excluded: endpoints[..2]))));

        // The idle endpoint wins three of the other five pairs, and the busy one before it wins two.
        Spread.AssertShares(counts[2..], [2, 3], 0.05);
    }

    [Fact]
    public void All_of_fifty_thousand_endpoints_are_picked_by_their_load()
    {
        const int Picks = 20_000;
        var endpoints = Backends.Equal(50_000);
        Array.ForEach(endpoints[..25_000], static endpoint => endpoint.AddInFlight());
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = new SeededRandom(5);

        var counts = Spread.Count(endpoints, Enumerable.Range(0, Picks).Select(_ => picker.Pick(new PickContext(random))));

        // A busy endpoint is picked only if both drawn are busy. Within each half all are equally likely.
        Spread.AssertShares([.. counts.Chunk(12_500).Select(static chunk => chunk.Sum())], [1, 1, 3, 3], 0.1);
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

        // Mitzenmacher: the fullest endpoint is ahead of the mean by log log n and a constant. With random picks it would be ahead by about 35.
        Assert.All(endpoints, static endpoint => Assert.InRange(endpoint.InFlight, 190, 206));
    }

    private static void AssertChances(ClusterEndpoint[] endpoints, int[] weights, params ClusterEndpoint[] excluded)
    {
        var picker = new PowerOfTwoChoicesStrategy().CreatePicker(Backends.SetOf(endpoints));

        Spread.AssertChances(endpoints, weights, random => picker.Pick(new PickContext(random, excluded: excluded)));
    }
}
