namespace ClientSideLb.Tests;

public sealed class RandomStrategyTests
{
    [Fact]
    public void Endpoints_come_up_in_proportion_to_their_weights()
    {
        var endpoints = Backends.Weighted(1, 2, 5);
        var picker = new RandomStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = new SeededRandom(11);

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 40_000).Select(_ => picker.Pick(new PickContext(random))));

        Spread.AssertShares(counts, [1, 2, 5], 0.07);
    }

    [Fact]
    public void The_others_keep_their_proportions_without_an_excluded_endpoint()
    {
        var endpoints = Backends.Weighted(10, 1, 3);
        var picker = new RandomStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = new SeededRandom(12);

        var counts = Spread.Count(
            endpoints[1..], Enumerable.Range(0, 40_000).Select(_ => picker.Pick(new PickContext(random, excluded: [endpoints[0]]))));

        // Less than 1 % of the picks draw the heavy endpoint 16 times in a row. They go to the others in equal shares.
        Spread.AssertShares(counts, [1, 3], 0.07);
    }
}
