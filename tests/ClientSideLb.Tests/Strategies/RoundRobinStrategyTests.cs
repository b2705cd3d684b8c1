namespace ClientSideLb.Tests;

public sealed class RoundRobinStrategyTests
{
    [Fact]
    public void Every_endpoint_has_its_turn_in_order_whatever_its_weight()
    {
        var endpoints = Backends.Weighted(1, 7, 3);
        var picker = new RoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));

        var picks = Picks(picker, 9);

        var start = Array.IndexOf(endpoints, picks[0]);
        Assert.Equal(Enumerable.Range(start, 9).Select(turn => endpoints[turn % 3]), picks);
    }

    [Fact]
    public void The_first_endpoint_is_the_one_that_chance_names()
    {
        var endpoints = Backends.Equal(4);

        for (var start = 0; start < 4; start++)
        {
            var set = new EndpointSet(endpoints, endpoints, new ScriptedRandom(start));
            Assert.Same(endpoints[start], new RoundRobinStrategy().CreatePicker(set).Pick(new PickContext(new ScriptedRandom())));
        }
    }

    [Fact]
    public void Threads_together_give_each_endpoint_exactly_its_turns()
    {
        const int Threads = 8;
        const int Rounds = 1_000;
        var endpoints = Backends.Equal(7);
        var picker = new RoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));
        var counts = new int[Threads][];

        Concurrently.Run(Threads, thread => counts[thread] = Spread.Count(endpoints, Picks(picker, Rounds * endpoints.Length)));

        for (var i = 0; i < endpoints.Length; i++)
        {
            Assert.Equal(Threads * Rounds, counts.Sum(ofThread => ofThread[i]));
        }
    }

    [Fact]
    public void What_an_excluded_endpoint_leaves_is_shared_by_all_others()
    {
        var endpoints = Backends.Equal(4);
        var picker = new RoundRobinStrategy().CreatePicker(Backends.SetOf(endpoints));

        var counts = Spread.Count(
            endpoints,
            Enumerable.Range(0, 3_000).Select(_ => picker.Pick(new PickContext(new ScriptedRandom(), excluded: [endpoints[1]]))));

        Assert.Equal([1_000, 0, 1_000, 1_000], counts);
    }

    private static List<ClusterEndpoint?> Picks(EndpointPicker picker, int count)
    {
        var context = new PickContext(new ScriptedRandom());
        var picks = new List<ClusterEndpoint?>(count);
        for (var i = 0; i < count; i++)
        {
            picks.Add(picker.Pick(in context));
        }

        return picks;
    }
}
