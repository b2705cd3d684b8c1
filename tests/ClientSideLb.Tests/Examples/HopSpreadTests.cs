using GatewayContrast;

namespace ClientSideLb.Tests.Examples;

/// <summary>What the gateway contrast says of a machine that has other work to do.</summary>
public sealed class HopSpreadTests
{
    [Fact]
    public void Rounds_that_agree_are_steady_although_the_whole_machine_is_faster_in_some()
    {
        var spread = Of([1000, 500, 2000, 1000, 300, 1000, 900, 1000], static (own, _) => own * 0.75);

        Assert.Equal((0.75, 0.75), (spread.Low, spread.High));
        Assert.False(spread.SaysNothing);
        Assert.False(spread.IsWide);
        Assert.Empty(Describe(spread));
    }

    [Fact]
    public void One_round_that_something_disturbed_does_not_matter()
    {
        var spread = Of(static round => round == 3 ? 2 : 0.75);

        Assert.False(spread.SaysNothing);
        Assert.False(spread.IsWide);
    }

    [Fact]
    public void Rounds_that_disagree_on_which_way_is_faster_say_nothing()
    {
        var spread = Of(static round => round % 2 == 0 ? 0.8 : 1.2);

        Assert.True(spread.SaysNothing);
        Assert.Equal(
            [
                "",
                "32 requests at once: from round to round, the hop is x 0.80 to x 1.20.",
                "  The machine is too busy to say which way is faster. Do not trust this table.",
                "  Stop other programs, or send for longer with --seconds.",
            ],
            Describe(spread));
    }

    [Fact]
    public void Rounds_that_agree_on_the_faster_way_but_not_on_how_much_are_rough()
    {
        var spread = Of(static round => round % 2 == 0 ? 0.4 : 0.9);

        Assert.False(spread.SaysNothing);
        Assert.True(spread.IsWide);
        Assert.Contains("rough", Describe(spread)[2], StringComparison.Ordinal);
    }

    private static HopSpread Of(Func<int, double> hop) => Of([.. Enumerable.Repeat(1000, 8)], (own, round) => own * hop(round));

    private static HopSpread Of(int[] rates, Func<int, int, double> throughGateway) =>
        HopSpread.Of([.. rates.Select(static rate => TurnOf(rate))], [.. rates.Select((rate, round) => TurnOf((int)throughGateway(rate, round)))]);

    private static Turn TurnOf(int requests) => new(new TimeSpan[requests], 0, TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    private static string[] Describe(HopSpread spread)
    {
        var figures = new Figures([TurnOf(1)]);
        return [.. Guide.DescribeNoise(new Contrast(32, figures, figures, spread))];
    }
}
