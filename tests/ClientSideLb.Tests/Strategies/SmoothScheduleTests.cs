using CsCheck;

namespace ClientSideLb.Tests;

public sealed class SmoothScheduleTests
{
    [Fact]
    public void A_cycle_has_each_endpoint_exactly_as_often_as_its_weight_says() =>
        Gen.Int[1, 100].Array[1, 30].Sample(weights =>
        {
            var schedule = SmoothSchedule.Create(weights);

            Assert.Equal(weights.Sum(), schedule.Length);
            Assert.Equal(weights, weights.Select((_, index) => schedule.Count(turn => turn == index)));
        });

    [Fact]
    public void No_endpoint_waits_longer_than_about_twice_its_ideal_gap() =>
        Gen.Int[1, 50].Array[1, 12].Sample(weights =>
        {
            var schedule = SmoothSchedule.Create(weights);
            for (var index = 0; index < weights.Length; index++)
            {
                var ideal = (double)schedule.Length / weights[index];
                Assert.True(
                    LongestGap(schedule, index) <= (2 * ideal) + 1,
                    $"Endpoint {index} of {string.Join(", ", weights)} waits {LongestGap(schedule, index)} turns.");
            }
        });

    [Fact]
    public void Equal_weights_take_turns() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 9]).Sample((count, weight) =>
        {
            var schedule = SmoothSchedule.Create([.. Enumerable.Repeat(weight, count)]);

            Assert.Equal(Enumerable.Range(0, count * weight).Select(turn => turn % count), schedule);
        });

    [Theory]
    [InlineData(true, 5, 1, 1)]
    [InlineData(true, 65535, 1, 1)]
    [InlineData(false, 65535, 65534, 65533)]
    public void Only_weights_that_are_quick_to_schedule_become_a_table(bool quick, params int[] weights) =>
        Assert.Equal(quick, SmoothSchedule.IsQuick(weights));

    // The last gap goes over the end of the cycle.
    private static int LongestGap(int[] schedule, int index)
    {
        var turns = Enumerable.Range(0, schedule.Length).Where(turn => schedule[turn] == index).ToList();
        return turns.Select((turn, i) => i + 1 < turns.Count ? turns[i + 1] - turn : turns[0] + schedule.Length - turn).Max();
    }
}
