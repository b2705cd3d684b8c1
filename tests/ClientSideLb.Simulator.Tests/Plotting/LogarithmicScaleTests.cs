using ClientSideLb.Simulator.Tool;
using CsCheck;

namespace ClientSideLb.Simulator.Tests.Plotting;

public sealed class LogarithmicScaleTests
{
    [Theory]
    [InlineData(20, 45, "10 ms", "20 ms", "30 ms", "40 ms", "50 ms", "60 ms")]
    [InlineData(8, 300, "5 ms", "10 ms", "20 ms", "50 ms", "100 ms", "200 ms", "500 ms")]
    [InlineData(0.9, 12_000, "1 ms", "10 ms", "100 ms", "1 s", "10 s")]
    [InlineData(0.02, 200, "100 µs", "1 ms", "10 ms", "100 ms")]
    public void The_shorter_an_axis_is_the_more_of_its_ticks_have_labels(double from, double to, params string[] labels)
    {
        var scale = LogarithmicScale.Create(from, to, Units.FormatMilliseconds);

        Assert.Equal(labels, scale.Ticks.Select(static tick => tick.Label).OfType<string>());
    }

    [Fact]
    public void Every_value_is_inside_and_equal_factors_are_equal_lengths() =>
        Gen.Select(Gen.Double[-6, 6], Gen.Double[0, 5]).Sample((exponent, decades) =>
        {
            var (smallest, largest) = (Math.Pow(10, exponent), Math.Pow(10, exponent + decades));
            var scale = LogarithmicScale.Create(smallest, largest, Units.Format);

            Assert.InRange(scale.GetPlace(smallest), 0, 1);
            Assert.InRange(scale.GetPlace(largest), 0, 1);
            Assert.Equal(scale.GetPlace(smallest * 2) - scale.GetPlace(smallest), scale.GetPlace(largest * 2) - scale.GetPlace(largest), 9);
            Assert.InRange(scale.To / scale.From, 2.9, double.MaxValue);
            Assert.InRange(scale.Ticks.Count(static tick => tick.Label is not null), 2, 11);
            Assert.All(scale.Ticks, tick => Assert.InRange(tick.Value, scale.From, scale.To));
        });
}
