using CsCheck;

namespace ClientSideLb.Tests;

public sealed class LeastConnectionsStrategyTests
{
    private readonly record struct Backend(int Weight, int InFlight, bool Excluded);

    private static readonly Gen<Backend> GenBackend = Gen.Select(
        Gen.OneOf(Gen.Int[1, 5], Gen.Int[1, ushort.MaxValue]), Gen.Int[0, 12], Gen.Int[0, 3],
        static (weight, inFlight, dice) => new Backend(weight, inFlight, dice == 0));

    [Fact]
    public void The_pick_has_the_fewest_requests_in_flight_for_its_weight() =>
        Gen.Select(GenBackend.Array[1, 20], Gen.Int).Sample((backends, seed) =>
        {
            var endpoints = Make(backends);
            var picker = new LeastConnectionsStrategy().CreatePicker(Backends.SetOf(endpoints));
            ClusterEndpoint[] excluded = [.. endpoints.Where((_, i) => backends[i].Excluded)];
            var permitted = endpoints.Except(excluded).ToList();

            var pick = picker.Pick(new PickContext(new SeededRandom(seed), excluded: excluded));

            if (permitted.Count == 0)
            {
                Assert.Null(pick);
                return;
            }

            Assert.Contains(pick, permitted);
            var least = permitted.Min(static endpoint => (decimal)endpoint.InFlight / endpoint.Weight);
            Assert.Equal(least, (decimal)pick!.InFlight / pick.Weight);
        });

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(65535, 1, 40)]
    public void Ties_are_broken_at_random_in_proportion_to_the_weights(params int[] weights)
    {
        // A loaded endpoint stands between those that tie, and must not take a ticket.
        ClusterEndpoint[] endpoints = [.. Backends.Weighted(weights), Backends.At("http://10.9.9.9:80", weight: 7)];
        (endpoints[1], endpoints[^1]) = (endpoints[^1], endpoints[1]);
        endpoints[1].AddInFlight();
        var picker = new LeastConnectionsStrategy().CreatePicker(Backends.SetOf(endpoints));

        var picks = Enumerable.Range(0, weights.Sum()).Select(ticket => picker.Pick(new PickContext(new ScriptedRandom(ticket))));

        var counts = Spread.Count(endpoints, picks);
        Assert.Equal(endpoints.Select((endpoint, i) => i == 1 ? 0 : endpoint.Weight), counts);
    }

    [Fact]
    public void Loads_that_are_alike_for_their_weights_tie()
    {
        var endpoints = Make([new(1, 2, false), new(3, 6, false), new(2, 5, false)]);
        var picker = new LeastConnectionsStrategy().CreatePicker(Backends.SetOf(endpoints));

        var counts = Spread.Count(endpoints, Enumerable.Range(0, 4).Select(ticket => picker.Pick(new PickContext(new ScriptedRandom(ticket)))));

        Assert.Equal([1, 3, 0], counts);
    }

    [Fact]
    public void A_slow_endpoint_fills_up_no_further_than_the_others()
    {
        var endpoints = Backends.Weighted(1, 2, 4);
        var picker = new LeastConnectionsStrategy().CreatePicker(Backends.SetOf(endpoints));
        var random = new SeededRandom(5);

        for (var i = 0; i < 7 * 100; i++)
        {
            picker.Pick(new PickContext(random))!.AddInFlight();
        }

        Assert.Equal([100, 200, 400], endpoints.Select(static endpoint => endpoint.InFlight));
    }

    private static ClusterEndpoint[] Make(Backend[] backends)
    {
        var endpoints = Backends.Weighted(Array.ConvertAll(backends, static backend => backend.Weight));
        for (var i = 0; i < backends.Length; i++)
        {
            for (var request = 0; request < backends[i].InFlight; request++)
            {
                endpoints[i].AddInFlight();
            }
        }

        return endpoints;
    }
}
