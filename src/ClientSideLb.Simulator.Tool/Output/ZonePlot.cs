using ScottPlot;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws what the clients of one zone get over time, with a line for each run. A line has a gap where no request was answered.</summary>
internal static class ZonePlot
{
    internal static Plot Draw(string zone, IReadOnlyList<RunResult> runs)
    {
        var plot = Plots.CreatePlot($"Median latency of the clients in zone {zone} over time", "time (s)", "latency (ms)");
        foreach (var run in runs)
        {
            var color = plot.Add.GetNextColor();
            foreach (var (index, piece) in GetPieces(run.Zones.First(other => other.Zone == zone).Timeline).Index())
            {
                var line = plot.Add.ScatterLine(
                    piece.ConvertAll(static slice => slice.At.TotalSeconds), piece.ConvertAll(static slice => slice.Median.TotalMilliseconds), color);
                line.LineWidth = 2;
                line.LegendText = index == 0 ? run.Label : "";
            }
        }

        plot.Axes.SetLimitsX(0, runs.Max(static run => run.Timeline[^1].At).TotalSeconds);
        plot.Axes.AutoScaleY();
        plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        Plots.ShowLegend(plot);
        return plot;
    }

    private static IEnumerable<List<TimelineSlice>> GetPieces(IReadOnlyList<TimelineSlice> slices)
    {
        var piece = new List<TimelineSlice>();
        foreach (var slice in slices)
        {
            if (slice.Requests > slice.Failures)
            {
                piece.Add(slice);
            }
            else if (piece.Count > 0)
            {
                yield return piece;
                piece = [];
            }
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }
}
