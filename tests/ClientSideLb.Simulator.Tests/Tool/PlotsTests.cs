using ClientSideLb.Simulator.Tool;
using ScottPlot;
using ScottPlot.Plottables;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class PlotsTests
{
    /// <summary>How far the colour of a pixel may be from that of the line through it: lines are smoothed at their edges.</summary>
    private const int ColourTolerance = 30;

    /// <summary>In pixels: there lies the frame, which is drawn over the data.</summary>
    private const int Frame = 3;

    [Theory]
    [InlineData("errors-over-time")]
    [InlineData("latency-over-time")]
    [InlineData("latency-distribution")]
    public void All_data_can_be_seen_beside_the_legend(string name)
    {
        var result = new ScenarioResult("plotted", [.. WithLinesInTheCornerOf(name).Select(Run)], []);
        using var plot = Plots.Of(result).Single(plot => plot.Name == name).Plot;

        var pixels = plot.GetImage(Plots.Width, Plots.Height).GetArrayRGB();

        var inside = plot.LastRender.DataRect;
        var lines = plot.GetPlottables<Scatter>().ToArray();
        var points = lines
            .SelectMany(static line => line.Data.GetScatterPoints())
            .Select(point => plot.GetPixel(point))
            .Where(point => point.X > inside.Left + Frame && point.X < inside.Right - Frame && point.Y > inside.Top + Frame && point.Y < inside.Bottom - Frame)
            .ToArray();
        Assert.NotEmpty(points);
        Assert.All(points, point => Assert.True(Array.Exists(lines, line => Shows(pixels, point, line.LineColor)), $"Nothing is seen of the data at {point}."));
    }

    // There a legend would lie, if it lay on the data.
    private static Scenario[] WithLinesInTheCornerOf(string name) => name switch
    {
        "errors-over-time" => [Scenario(new ConstantTime()), Scenario(new ConstantTime()) with { Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Error }] }],
        "latency-over-time" => [Scenario(new ConstantTime()), Scenario(new ConstantTime { Mean = TimeSpan.FromMilliseconds(600) })],
        _ => [Scenario(new ExponentialTime { Mean = TimeSpan.FromMilliseconds(0.1) }), Scenario(new ExponentialTime { Mean = TimeSpan.FromSeconds(2) })],
    };

    private static Scenario Scenario(ServiceTime service) => new()
    {
        Duration = TimeSpan.FromSeconds(60),
        WarmUp = TimeSpan.Zero,
        Clients = new ClientGroup { Arrivals = new PoissonArrivals { Rate = 50 } },
        Backends = [new BackendGroup { Concurrency = 1000, Service = service }],
    };

    private static RunResult Run(Scenario scenario, int number) => Simulation.Run(
        scenario, $"as long a label as there is: {number}", cancellationToken: TestContext.Current.CancellationToken);

    private static bool Shows(byte[,,] pixels, Pixel point, Color colour)
    {
        for (var y = (int)point.Y - 1; y <= (int)point.Y + 1; y++)
        {
            for (var x = (int)point.X - 1; x <= (int)point.X + 1; x++)
            {
                if (Math.Abs(pixels[y, x, 0] - colour.R) + Math.Abs(pixels[y, x, 1] - colour.G) + Math.Abs(pixels[y, x, 2] - colour.B) <= ColourTolerance)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
