namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws how long requests take: over time, by how many took longer, and by zone.</summary>
internal static class LatencyPlots
{
    internal static string DrawOverTime(IReadOnlyList<RunResult> runs, string origin)
    {
        Series[] lines = [.. runs.Select(static run => Series.Create(run.Label, run.Timeline.Select(static slice => (slice.At.TotalSeconds, GetLatency(slice, slice.Percentile99)))))];
        return LinePlot.Draw(new PlotHead("99th percentile of latency over time", origin), Plots.CreateTime(runs), CreateLogarithmic(lines.SelectMany(static line => line.Points).Select(static point => point.Y)), lines);
    }

    internal static string DrawDistribution(IReadOnlyList<RunResult> runs, string origin)
    {
        Series[] lines = [.. runs.Select(static run => Series.Create(run.Label, GetPartsAbove(run.Latency)))];
        var points = lines.SelectMany(static line => line.Points).ToArray();
        var parts = new Axis("part of the requests that took longer", LogarithmicScale.Create(points.Select(static point => point.Y).DefaultIfEmpty(1).Min(), 1, Units.FormatPart));
        return LinePlot.Draw(new PlotHead("Requests that took longer than a time", origin), CreateLogarithmic(points.Select(static point => point.X)), parts, lines);
    }

    internal static string DrawZone(string zone, IReadOnlyList<RunResult> runs, string origin)
    {
        Series[] lines =
        [
            .. from run in runs
               from result in run.Zones
               where result.Zone == zone
               select Series.Create(run.Label, result.Timeline.Select(static slice => (slice.At.TotalSeconds, GetLatency(slice, slice.Median)))),
        ];
        var largest = lines.SelectMany(static line => line.Points).Select(static point => point.Y).DefaultIfEmpty().Max();
        return LinePlot.Draw(
            new PlotHead($"Median latency of the clients in zone {zone} over time", origin),
            Plots.CreateTime(runs),
            new Axis("latency", LinearScale.Create(largest, Units.FormatMilliseconds)),
            lines);
    }

    private static double? GetLatency(TimelineSlice slice, TimeSpan latency) => slice.Requests > slice.Failures ? latency.TotalMilliseconds : null;

    private static Axis CreateLogarithmic(IEnumerable<double> milliseconds)
    {
        var above = milliseconds.Where(static time => time > 0).DefaultIfEmpty(1).ToArray();
        return new Axis("latency", LogarithmicScale.Create(above.Min(), above.Max(), Units.FormatMilliseconds));
    }

    private static IEnumerable<(double X, double? Y)> GetPartsAbove(LatencyDistribution latency)
    {
        var left = latency.Count;
        foreach (var (upTo, count) in latency.Buckets())
        {
            left -= count;
            if (left > 0)
            {
                yield return (upTo.TotalMilliseconds, (double)left / latency.Count);
            }
        }
    }
}
