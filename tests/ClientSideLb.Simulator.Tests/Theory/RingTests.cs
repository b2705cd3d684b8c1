using ClientSideLb.Simulator.Tests.Support;

namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>Compares the library's ring with the theory of consistent hashing.</summary>
public sealed class RingTests
{
    /// <summary>The deviation of a hundred shares is measured to within 1 ÷ √(2 · 100), which is 7 %. This is three times that.</summary>
    private const double DeviationTolerance = 0.21;

    private static readonly IReadOnlyList<KeyMoveResult> Moves = KnownScenarios.Get("rebalancing").Run(new ScenarioOptions()).KeyMoves;

    [Fact]
    public void A_backend_that_leaves_moves_only_its_own_keys()
    {
        var moves = Moves.Where(static move => move.To < move.From && (move.Label == "ConsistentHash" || move.Label.EndsWith(" points", StringComparison.Ordinal)));

        Assert.Equal(8, moves.Count());
        Assert.All(moves, static move => Assert.Equal((0, move.Necessary), (move.MovedBetweenOthers, move.Moved)));
    }

    [Fact]
    public void A_backend_that_joins_takes_keys_and_moves_none_between_the_others()
    {
        var move = Get("ConsistentHash", from: 10, to: 11);

        Assert.Equal((0, move.Necessary), (move.MovedBetweenOthers, move.Moved));
        Assert.InRange(move.Moved, 0.5 / 11, 1.5 / 11);
    }

    [Fact]
    public void The_sizing_of_Envoy_moves_keys_between_backends_that_stay() =>
        Assert.InRange(Get("ConsistentHash, sized as Envoy's", from: 10, to: 9).MovedBetweenOthers, 0.02, 0.2);

    [Theory]
    [InlineData(10, 9, 0.01)]
    [InlineData(10, 11, 0.01)]
    [InlineData(1_000, 999, 0.02)]
    public void A_Maglev_table_moves_few_keys_between_backends_that_stay(int from, int to, double most)
    {
        var move = Get("Maglev", from, to);

        Assert.InRange(move.MovedBetweenOthers, 0, most);
        Assert.InRange(move.Necessary * Math.Max(from, to), 0.8, 1.2);
    }

    [Fact]
    public void The_shares_of_a_Maglev_table_deviate_by_the_chance_of_the_keys_alone()
    {
        // There are 10,000 keys for each of 10 backends, and 1,000 for each of 1,000.
        Assert.InRange(Get("Maglev", from: 10, to: 9).Deviation, 0.002, 0.02);
        Assert.InRange(Get("Maglev", from: 1_000, to: 999).Deviation, 0.028, 0.036);
    }

    [Fact]
    public void A_modulo_moves_nine_keys_in_ten()
    {
        // One number in ten has the same remainder by 10 and by 9.
        Assert.InRange(Get("modulo", from: 10, to: 9).Moved, 0.89, 0.91);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(160)]
    [InlineData(640)]
    public void Shares_deviate_by_one_over_the_root_of_the_number_of_points(int points)
    {
        var deviation = Get($"ConsistentHash, {points} points", from: 100, to: 99).Deviation;

        Assert.InRange(deviation * Math.Sqrt(points), 1 - DeviationTolerance, 1 + DeviationTolerance);
    }

    private static KeyMoveResult Get(string label, int from, int to) =>
        Assert.Single(Moves, move => move.Label == label && move.From == from && move.To == to);
}
