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
            var endpoints = Backends.Loaded([.. backends.Select(static backend => backend.Weight)], [.. backends.Select(static backend => backend.InFlight)]);
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
    public void Idle_endpoints_are_picked_in_proportion_to_their_weights(params int[] weights) =>
        AssertChances(Backends.Weighted(weights), weights);

    [Fact]
    public void A_loaded_endpoint_between_idle_ones_is_not_picked() => AssertChances(Backends.Loaded([2, 7, 1], [0, 1, 0]), [2, 0, 1]);

    [Fact]
    public void Endpoints_that_are_loaded_alike_for_their_weights_tie() => AssertChances(Backends.Loaded([1, 3, 2], [2, 6, 5]), [1, 3, 0]);

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

    private static void AssertChances(ClusterEndpoint[] endpoints, int[] weights)
    {
        var picker = new LeastConnectionsStrategy().CreatePicker(Backends.SetOf(endpoints));

        Spread.AssertChances(endpoints, weights, random => picker.Pick(new PickContext(random)));
    }
}
