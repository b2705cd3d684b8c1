using System.Globalization;
using ClientSideLb.Simulator.Tool;
using ScottPlot;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class LogarithmicTicksTests
{
    [Theory]
    [InlineData(20, 45, "20", "30", "40")]
    [InlineData(8, 300, "10", "20", "50", "100", "200")]
    [InlineData(0.9, 12_000, "1", "10", "100", "1000", "10000")]
    public void The_shorter_an_axis_is_the_more_of_its_ticks_have_labels(double from, double to, params string[] labels)
    {
        var generator = LogarithmicTicks.Create(Math.Log10(from), Math.Log10(to));
        using var paint = Paint.NewDisposablePaint();
        generator.Regenerate(new CoordinateRange(Math.Log10(from), Math.Log10(to)), Edge.Left, new PixelLength(500), paint, new LabelStyle());

        var labelled = generator.Ticks.Where(static tick => tick.IsMajor).ToArray();
        Assert.Equal(labels, labelled.Select(static tick => tick.Label));
        Assert.All(labelled, static tick =>
            Assert.Equal(Math.Log10(double.Parse(tick.Label, CultureInfo.InvariantCulture)), tick.Position, 9));
    }
}
