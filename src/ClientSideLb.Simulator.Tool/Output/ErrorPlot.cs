namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws the part of the requests that failed, over time.</summary>
internal static class ErrorPlot
{
    internal static string Draw(IReadOnlyList<RunResult> runs, string origin)
    {
        Series[] lines =
        [
            .. runs.Select(static run => Series.Create(
                run.Label,
                run.Timeline.Select(static slice => (slice.At.TotalSeconds, (double?)(slice.Requests == 0 ? 0 : (double)slice.Failures / slice.Requests))))),
        ];
        return LinePlot.Draw(
            new PlotHead("Requests that failed over time", origin),
            Plots.CreateTime(runs),
            new Axis("failed requests", LinearScale.Create(lines.Max(static line => line.Points.Max(static point => point.Y)), Units.FormatPart, most: 1)),
            lines);
    }
}
