using ClientSideLb.Simulator.Tool;
using ScottPlot;
using ScottPlot.Plottables;

namespace ClientSideLb.Simulator.Tests.Tool;

public sealed class PlotsTests
{
    /// <summary>The tolerance of colours. Lines are smoothed at their edges.</summary>
    private const int ColourTolerance = 30;

    /// <summary>The width of the frame in pixels. It is drawn over the data.</summary>
    private const int Frame = 3;

    [Theory]
    [InlineData("errors-over-time")]
    [InlineData("latency-over-time")]
    [InlineData("latency-distribution")]
    public void The_legend_hides_no_data(string name)
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
        Assert.All(points, point => Assert.True(Array.Exists(lines, line => IsVisible(pixels, point, line.LineColor)), $"The data at {point} is hidden."));
    }

    [Fact]
    public void The_line_of_a_zone_has_a_gap_where_no_request_is_answered()
    {
        var scenario = Create(new ConstantTime());
        var run = Run(
            scenario with
            {
                Clients = [scenario.Clients[0] with { Zone = "a" }],
                Changes =
                [
                    new BackendChange { At = TimeSpan.FromSeconds(20), Backends = "0", Change = ChangeKind.Error },
                    new BackendChange { At = TimeSpan.FromSeconds(40), Backends = "0", Change = ChangeKind.Recover },
                ],
            },
            number: 1);
        using var plot = Plots.Of(new ScenarioResult("plotted", [run], [])).Single(static plot => plot.Name == "latency-in-zone-a").Plot;

        var lines = plot.GetPlottables<Scatter>().Select(static line => line.Data.GetScatterPoints().Select(static point => point.X).ToArray()).ToArray();

        Assert.Equal(2, lines.Length);
        Assert.Equal((0, 40), (lines[0][0], lines[1][0]));
        Assert.InRange(lines[0][^1], 19, 20);
    }

    // A legend that lies on the data would be in that corner.
    private static Scenario[] WithLinesInTheCornerOf(string name) => name switch
    {
        "errors-over-time" => [Create(new ConstantTime()), Create(new ConstantTime()) with { Changes = [new BackendChange { Backends = "0", Change = ChangeKind.Error }] }],
        "latency-over-time" => [Create(new ConstantTime()), Create(new ConstantTime { Mean = TimeSpan.FromMilliseconds(600) })],
        _ => [Create(new ExponentialTime { Mean = TimeSpan.FromMilliseconds(0.1) }), Create(new ExponentialTime { Mean = TimeSpan.FromSeconds(2) })],
    };

    private static Scenario Create(ServiceTime service) => new()
    {
        Duration = TimeSpan.FromSeconds(60),
        WarmUp = TimeSpan.Zero,
        Clients = [new ClientGroup { Arrivals = new PoissonArrivals { Rate = 50 } }],
        Backends = [new BackendGroup { Concurrency = 1000, Service = service }],
    };

    private static RunResult Run(Scenario scenario, int number) => Simulation.Run(scenario, $"as long a label as there is: {number}");

    private static bool IsVisible(byte[,,] pixels, Pixel point, Color colour)
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
