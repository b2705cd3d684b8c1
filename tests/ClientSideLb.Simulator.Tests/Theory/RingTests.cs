namespace ClientSideLb.Simulator.Tests.Theory;

/// <summary>What the theory of consistent hashing says, of production's ring.</summary>
public sealed class RingTests
{
    /// <summary>The deviation of a hundred shares is itself known to 1 ÷ √(2 · 100), which is 7 %; this is three times that.</summary>
    private const double DeviationTolerance = 0.21;

    private static readonly IReadOnlyList<KeyMoveResult> Moves = new RebalancingScenario().Run(new ScenarioOptions()).KeyMoves;

    [Fact]
    public void A_backend_that_leaves_moves_its_own_keys_and_no_others()
    {
        foreach (var move in Moves.Where(static move => move.Label.StartsWith("ConsistentHash", StringComparison.Ordinal) && !move.Label.EndsWith("Envoy's", StringComparison.Ordinal) && move.To < move.From))
        {
            Assert.Equal(move.Necessary, move.Moved);
            Assert.Equal(0, move.MovedBetweenOthers);
        }
    }

    [Fact]
    public void A_backend_that_joins_takes_keys_and_moves_none_between_the_others()
    {
        var move = Assert.Single(Moves, static move => move is { Label: "ConsistentHash", From: 10, To: 11 });

        Assert.Equal(0, move.MovedBetweenOthers);
        Assert.Equal(move.Necessary, move.Moved);
        Assert.InRange(move.Moved, 0.5 / 11, 1.5 / 11);
    }

    [Fact]
    public void Envoys_sizing_moves_keys_between_those_that_stay()
    {
        var move = Assert.Single(Moves, static move => move is { Label: "ConsistentHash, sized as Envoy's", From: 10, To: 9 });

        Assert.InRange(move.MovedBetweenOthers, 0.02, 0.2);
    }

    [Fact]
    public void A_modulo_moves_nearly_all_keys()
    {
        // Of 10 · 9 remainders modulo 90, those that stay are the same modulo 10 and modulo 9: one in ten.
        var move = Assert.Single(Moves, static move => move is { Label: "modulo", From: 10, To: 9 });

        Assert.InRange(move.Moved, 0.89, 0.91);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(160)]
    [InlineData(640)]
    public void Shares_deviate_by_one_over_the_root_of_the_points(int points)
    {
        var move = Assert.Single(Moves, move => move.Label == $"ConsistentHash, {points} points");

        Assert.InRange(move.Deviation * Math.Sqrt(points), 1 - DeviationTolerance, 1 + DeviationTolerance);
    }
}
