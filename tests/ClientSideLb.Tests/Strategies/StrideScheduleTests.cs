using CsCheck;

namespace ClientSideLb.Tests;

public sealed class StrideScheduleTests
{
    [Fact]
    public void Every_window_as_long_as_a_cycle_has_the_exact_proportions_wherever_it_starts() =>
        Gen.Select(Gen.Int[1, 60].Array[1, 12], Gen.Int[0, int.MaxValue]).Sample((weights, start) =>
        {
            var schedule = new StrideSchedule(weights);
            long turn = start - 1L;
            var total = weights.Sum();
            var picks = Enumerable.Range(0, 2 * total).Select(_ => schedule.Next(ref turn)).ToList();

            Assert.Equal(weights, weights.Select((_, index) => picks.Take(total).Count(pick => pick == index)));
            Assert.Equal(picks.Take(total), picks.Skip(total));
        });

    public static TheoryData<int[]> ManyTurns => new(
        [65535, 65534, 1, 32768, 65535],
        [.. Enumerable.Range(0, 1_000).Select(static i => 1 + (i * 7919 % 500))]);

    [Theory]
    [MemberData(nameof(ManyTurns))]
    public void A_cycle_of_many_turns_has_the_exact_proportions(int[] weights)
    {
        var counts = new int[weights.Length];
        var schedule = new StrideSchedule(weights);
        var turn = -1L;

        for (var i = 0; i < weights.Sum(); i++)
        {
            counts[schedule.Next(ref turn)]++;
        }

        Assert.Equal(weights, counts);
    }

    [Fact]
    public void An_endpoint_is_never_left_out_for_more_than_its_share_of_rounds() =>
        Gen.Int[1, 60].Array[1, 12].Sample(weights =>
        {
            var schedule = new StrideSchedule(weights);
            var turn = -1L;
            var last = new long[weights.Length];
            Array.Fill(last, -1);
            for (var i = 0; i < 3 * weights.Sum(); i++)
            {
                var index = schedule.Next(ref turn);
                var round = turn / weights.Length;
                var rounds = round - last[index];
                Assert.True(
                    last[index] < 0 || rounds <= (weights.Max() + weights[index] - 1) / weights[index],
                    $"Endpoint {index} of {string.Join(", ", weights)} was left out for {rounds} rounds.");
                last[index] = round;
            }
        });

    [Fact]
    public void Light_endpoints_of_equal_weight_do_not_take_their_turns_in_one_and_the_same_round()
    {
        int[] weights = [8, 1, 1, 1, 1];
        var schedule = new StrideSchedule(weights);
        var turn = -1L;

        var rounds = Enumerable.Range(0, weights.Sum())
            .Select(_ => (Index: schedule.Next(ref turn), Round: turn / weights.Length))
            .Where(static taken => taken.Index > 0)
            .Select(static taken => taken.Round);

        Assert.Equal(4, rounds.Distinct().Count());
    }
}
