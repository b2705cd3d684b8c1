using ClientSideLb.Simulator.Tool;
using CsCheck;

namespace ClientSideLb.Simulator.Tests.Plotting;

public sealed class LinearScaleTests
{
    [Fact]
    public void A_scale_begins_at_zero_and_holds_the_largest_value() =>
        Gen.Double[0, 1e6].Sample(static largest =>
        {
            var scale = LinearScale.Create(largest, Units.Format);

            Assert.Equal((0, 0), (scale.From, scale.GetPlace(0)));
            Assert.InRange(largest, 0, scale.To);
            Assert.Equal("0", scale.Ticks[0].Label);
            Assert.InRange(scale.Ticks.Count, 3, 9);
            Assert.Equal(scale.To, scale.Ticks[^1].Value, 9);
        });

    [Theory]
    [InlineData(0.199, "0 %", "5 %", "10 %", "15 %", "20 %", "25 %")]
    [InlineData(0.999, "0 %", "20 %", "40 %", "60 %", "80 %", "100 %")]
    [InlineData(1, "0 %", "20 %", "40 %", "60 %", "80 %", "100 %")]
    public void A_part_of_a_whole_goes_no_further_than_the_whole(double largest, params string[] labels) =>
        Assert.Equal(labels, LinearScale.Create(largest, Units.FormatPart, most: 1).Ticks.Select(static tick => tick.Label));

    [Theory]
    [InlineData(1, "0 s", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s")]
    [InlineData(19.99992, "0 s", "5 s", "10 s", "15 s", "20 s")]
    [InlineData(120, "0 s", "20 s", "40 s", "60 s", "80 s", "100 s", "120 s")]
    [InlineData(600, "0 min", "2 min", "4 min", "6 min", "8 min", "10 min")]
    [InlineData(86_400, "0 h", "5 h", "10 h", "15 h", "20 h")]
    public void Time_is_marked_in_a_unit_that_fits_the_run(double seconds, params string[] labels) =>
        Assert.Equal(labels, LinearScale.CreateTime(TimeSpan.FromSeconds(seconds)).Ticks.Select(static tick => tick.Label));

    [Theory]
    [InlineData(2, "0", "1")]
    [InlineData(10, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")]
    [InlineData(25, "0", "5", "10", "15", "20")]
    [InlineData(1000, "0", "100", "200", "300", "400", "500", "600", "700", "800", "900")]
    public void Numbers_are_marked_at_whole_ones(int count, params string[] labels) =>
        Assert.Equal(labels, LinearScale.CreateNumbers(count, mostTicks: 10).Ticks.Select(static tick => tick.Label));
}
