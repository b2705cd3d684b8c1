using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws plots of the results.</summary>
internal static class Plots
{
    internal const int Width = 1000;
    internal const int Height = 560;

    private const double LeastDecades = 0.5;
    private const int SolidLines = 5;

    internal static IEnumerable<(string Name, Plot Plot)> Of(ScenarioResult result)
    {
        if (result.Runs.Count > 0)
        {
            yield return ("latency-over-time", DrawLatencyOverTime(result.Runs));
            yield return ("latency-distribution", DrawLatencyDistribution(result.Runs));
            if (result.Runs.Any(static run => run.Failures > 0))
            {
                yield return ("errors-over-time", DrawErrorsOverTime(result.Runs));
            }

            foreach (var zone in result.Runs.SelectMany(static run => run.Zones).GroupBy(static zone => zone.Zone))
            {
                yield return ($"latency-in-zone-{GetFileName(zone.Key)}", ZonePlot.Draw(zone.Key, result.Runs));
            }

            // With a single backend there is nothing to compare.
            foreach (var run in result.Runs.Where(static run => run.Backends.Count > 1))
            {
                yield return ($"load-{GetFileName(run.Label)}", DrawLoad(run));
            }
        }

        foreach (var change in result.KeyMoves.Where(static move => !IsRingSize(move)).GroupBy(static move => (move.From, move.To)))
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"keys-moved-{change.Key.From}-to-{change.Key.To}"), DrawKeysMoved([.. change]));
        }

        if (result.KeyMoves.Where(IsRingSize).ToArray() is { Length: > 0 } sizes)
        {
            yield return ("ring-size", DrawRingSize(sizes));
        }
    }

    private static bool IsRingSize(KeyMoveResult move) => move.Label.EndsWith(" points", StringComparison.Ordinal);

    private static Plot DrawLatencyOverTime(IReadOnlyList<RunResult> runs)
    {
        var plot = CreatePlot("99th percentile of latency over time", "time (s)", "latency (ms)");
        foreach (var run in runs)
        {
            var slices = run.Timeline.Where(static slice => slice.Percentile99 > TimeSpan.Zero).ToArray();
            var line = plot.Add.ScatterLine(
                Array.ConvertAll(slices, static slice => slice.At.TotalSeconds),
                Array.ConvertAll(slices, static slice => Math.Log10(slice.Percentile99.TotalMilliseconds)));
            SetStyle(line, run, runs);
        }

        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        var (bottom, top) = Widen(limits.Bottom, limits.Top);
        plot.Axes.SetLimitsY(bottom, top);
        plot.Axes.SetLimitsX(0, GetEnd(runs));
        plot.Axes.Left.TickGenerator = LogarithmicTicks.Create(bottom, top);
        ShowLegend(plot);
        return plot;
    }

    private static Plot DrawErrorsOverTime(IReadOnlyList<RunResult> runs)
    {
        var plot = CreatePlot("Requests that failed over time", "time (s)", "failed (%)");
        foreach (var run in runs)
        {
            var line = plot.Add.ScatterLine(
                run.Timeline.Select(static slice => slice.At.TotalSeconds).ToArray(),
                run.Timeline.Select(static slice => slice.Requests == 0 ? 0 : 100.0 * slice.Failures / slice.Requests).ToArray());
            SetStyle(line, run, runs);
        }

        plot.Axes.SetLimitsX(0, GetEnd(runs));

        // The axis begins a little below 0, so that lines at 0 can be seen. Less than nothing needs no label.
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = static value => value < 0 ? "" : value.ToString("0.####", CultureInfo.InvariantCulture) };
        ShowLegend(plot);
        return plot;
    }

    private static Plot DrawLatencyDistribution(IReadOnlyList<RunResult> runs)
    {
        var plot = CreatePlot("Requests that took longer", "latency (ms)", "part of the requests");
        foreach (var run in runs.Where(static run => run.Latency.Count > 0))
        {
            var (times, parts) = (new List<double>(), new List<double>());
            var left = run.Latency.Count;
            foreach (var (upTo, count) in run.Latency.Buckets())
            {
                left -= count;
                if (left > 0)
                {
                    times.Add(Math.Log10(upTo.TotalMilliseconds));
                    parts.Add(Math.Log10((double)left / run.Latency.Count));
                }
            }

            var line = plot.Add.ScatterLine(times.ToArray(), parts.ToArray());
            SetStyle(line, run, runs);
        }

        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        var (shortest, longest) = Widen(limits.Left, limits.Right);
        plot.Axes.SetLimitsX(shortest, longest);
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks.Create(shortest, longest);
        plot.Axes.Left.TickGenerator = LogarithmicTicks.Create(limits.Bottom, limits.Top);
        ShowLegend(plot);
        return plot;
    }

    private static Plot DrawLoad(RunResult run)
    {
        var backends = run.Backends.Count;
        var slices = run.Timeline;
        var seconds = slices.Count > 1 ? (slices[1].At - slices[0].At).TotalSeconds : run.Measured.TotalSeconds;
        var rates = new double[backends, slices.Count];
        for (var slice = 0; slice < slices.Count; slice++)
        {
            for (var backend = 0; backend < backends; backend++)
            {
                // The heat map draws its first row at the top.
                rates[backends - 1 - backend, slice] = slices[slice].Attempts[backend] / seconds;
            }
        }

        var plot = CreatePlot($"Attempts a second at each backend: {run.Label}", "time (s)", "backend");
        var map = plot.Add.Heatmap(rates);
        map.Colormap = new ScottPlot.Colormaps.Viridis();

        // ScottPlot takes the position of the outer cells' centres.
        map.Position = new CoordinateRect(seconds / 2, seconds * (slices.Count - 0.5), 0, backends - 1);
        plot.Add.ColorBar(map);
        plot.Axes.SetLimits(0, seconds * slices.Count, -0.5, backends - 0.5);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true, MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1) };
        plot.HideGrid();
        return plot;
    }

    private static Plot DrawKeysMoved(IReadOnlyList<KeyMoveResult> moves)
    {
        var plot = CreatePlot(
            string.Create(CultureInfo.InvariantCulture, $"Keys moved as {moves[0].From} backends become {moves[0].To}"), "", "part of the keys (%)");
        for (var i = 0; i < moves.Count; i++)
        {
            var bar = plot.Add.Bar(i, moves[i].Moved * 100);
            bar.Bars[0].Label = (moves[i].Moved * 100).ToString("0.##", CultureInfo.InvariantCulture);
            bar.ValueLabelStyle.FontSize = 16;
        }

        var least = plot.Add.HorizontalLine(moves[0].To < moves[0].From ? 100.0 / moves[0].From : 100.0 / moves[0].To);
        least.LegendText = "an even share of one backend";
        least.LinePattern = LinePattern.Dashed;
        least.Color = Colors.Black;
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, moves.Count).Select(static i => (double)i)], [.. moves.Select(static move => move.Label.Replace(", ", ",\n", StringComparison.Ordinal))]);
        plot.Axes.Margins(bottom: 0, top: 0.2);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    private static Plot DrawRingSize(IReadOnlyList<KeyMoveResult> sizes)
    {
        var plot = CreatePlot("How even the shares are", "points on the ring for each backend", "standard deviation of the shares (% of their mean)");
        var points = sizes.Select(static size => Math.Log10(GetPoints(size))).ToArray();
        var measured = plot.Add.Scatter(points, sizes.Select(static size => size.Deviation * 100).ToArray());
        measured.LegendText = "measured";
        measured.LineWidth = 2;
        measured.MarkerSize = 8;
        var theory = plot.Add.ScatterLine(points, sizes.Select(static size => 100 / Math.Sqrt(GetPoints(size))).ToArray());
        theory.LegendText = "1 ÷ √points";
        theory.LinePattern = LinePattern.Dashed;
        plot.Axes.AutoScaleX();
        var limits = plot.Axes.GetLimits();
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks.Create(limits.Left, limits.Right);
        plot.Axes.SetLimitsY(0, 120);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    // A line often lies on that of another run. If it is dashed, both can be seen.
    private static void SetStyle(Scatter line, RunResult run, IReadOnlyList<RunResult> runs)
    {
        line.LegendText = run.Label;
        line.LineWidth = 2;
        line.LinePattern = runs.Take(SolidLines).Contains(run) ? LinePattern.Solid : LinePattern.DenselyDashed;
    }

    // The legend stands beside the data, because on the data it could cover a line.
    internal static void ShowLegend(Plot plot) => plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperCenter;

    private static double GetEnd(IReadOnlyList<RunResult> runs) => runs.Max(static run => run.Timeline[^1].At).TotalSeconds;

    private static double GetPoints(KeyMoveResult size) => double.Parse(size.Label.Split(' ')[^2], CultureInfo.InvariantCulture);

    // On an axis that is too short, noise would look like a difference.
    private static (double From, double To) Widen(double from, double to)
    {
        var missing = Math.Max(0, LeastDecades - (to - from));
        return (from - (missing / 2), to + (missing / 2));
    }

    internal static Plot CreatePlot(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel(x);
        plot.YLabel(y);
        return plot;
    }

    private static string GetFileName(string label) =>
        string.Join('-', new string([.. label.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
