namespace ClientSideLb.Tests;

public sealed class RoundRobinStrategyTests
{
    [Fact]
    public void Every_endpoint_has_its_turn_in_order_whatever_its_weight()
    {
        var endpoints = Backends.Weighted(1, 7, 3);
        var picker = new RoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));

        var picks = picker.Pick(times: 9);

        var start = Array.IndexOf(endpoints, picks[0]);
        Assert.Equal(Enumerable.Range(start, 9).Select(turn => endpoints[turn % 3]), picks);
    }

    [Fact]
    public void Threads_together_give_each_endpoint_exactly_its_turns()
    {
        const int Threads = 8;
        const int Rounds = 1_000;
        var endpoints = Backends.Equal(7);
        var picker = new RoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));
        var counts = new int[Threads][];

        Concurrently.Run(Threads, thread => counts[thread] = Spread.Count(endpoints, picker.Pick(Rounds * endpoints.Length)));

        for (var i = 0; i < endpoints.Length; i++)
        {
            Assert.Equal(Threads * Rounds, counts.Sum(ofThread => ofThread[i]));
        }
    }

    [Fact]
    public void All_others_share_the_turns_of_an_excluded_endpoint()
    {
        var endpoints = Backends.Equal(4);
        var picker = new RoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));

        var counts = Spread.Count(endpoints, picker.Pick(3_000, excluded: endpoints[1]));

        Assert.Equal([1_000, 0, 1_000, 1_000], counts);
    }
}
