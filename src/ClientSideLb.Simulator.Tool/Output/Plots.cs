using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws results.</summary>
internal static class Plots
{
    internal const int Width = 1000;
    internal const int Height = 560;

    internal static IEnumerable<(string Name, Plot Plot)> Of(ScenarioResult result)
    {
        if (result.Runs.Count > 0)
        {
            yield return ("latency-over-time", LatencyOverTime(result.Runs));
            yield return ("latency-distribution", LatencyDistribution(result.Runs));
            if (result.Runs.Any(static run => run.Failures > 0))
            {
                yield return ("errors-over-time", ErrorsOverTime(result.Runs));
            }

            // One backend has no load to compare.
            foreach (var run in result.Runs.Where(static run => run.Backends.Count > 1))
            {
                yield return ($"load-{FileName(run.Label)}", Load(run));
            }
        }

        foreach (var change in result.KeyMoves.Where(static move => !IsRingSize(move)).GroupBy(static move => (move.From, move.To)))
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"keys-moved-{change.Key.From}-to-{change.Key.To}"), KeysMoved([.. change]));
        }

        if (result.KeyMoves.Where(IsRingSize).ToArray() is { Length: > 0 } sizes)
        {
            yield return ("ring-size", RingSize(sizes));
        }
    }

    private static bool IsRingSize(KeyMoveResult move) => move.Label.EndsWith(" points", StringComparison.Ordinal);

    private static Plot LatencyOverTime(IReadOnlyList<RunResult> runs)
    {
        var plot = New("99th percentile of latency over time", "time (s)", "latency (ms)");
        foreach (var run in runs)
        {
            var slices = run.Timeline.Where(static slice => slice.Percentile99 > TimeSpan.Zero).ToArray();
            var line = plot.Add.ScatterLine(
                Array.ConvertAll(slices, static slice => slice.At.TotalSeconds),
                Array.ConvertAll(slices, static slice => Math.Log10(slice.Percentile99.TotalMilliseconds)));
            line.LegendText = run.Label;
            line.LineWidth = 2;
        }

        // The axis covers whole decades, so that it has labels even if latencies differ little.
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(Math.Floor(limits.Bottom), Math.Ceiling(limits.Top));
        plot.Axes.SetLimitsX(0, EndOf(runs));
        plot.Axes.Left.TickGenerator = LogarithmicTicks();
        ShowRuns(plot);
        return plot;
    }

    private static Plot ErrorsOverTime(IReadOnlyList<RunResult> runs)
    {
        var plot = New("Requests that failed over time", "time (s)", "failed (%)");
        foreach (var run in runs)
        {
            var line = plot.Add.ScatterLine(
                run.Timeline.Select(static slice => slice.At.TotalSeconds).ToArray(),
                run.Timeline.Select(static slice => slice.Requests == 0 ? 0 : 100.0 * slice.Failures / slice.Requests).ToArray());
            line.LegendText = run.Label;
            line.LineWidth = 2;
        }

        plot.Axes.SetLimitsX(0, EndOf(runs));
        ShowRuns(plot);
        return plot;
    }

    private static Plot LatencyDistribution(IReadOnlyList<RunResult> runs)
    {
        var plot = New("Requests that took longer", "latency (ms)", "part of the requests");
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
            line.LegendText = run.Label;
            line.LineWidth = 2;
        }

        plot.Axes.Bottom.TickGenerator = LogarithmicTicks();
        plot.Axes.Left.TickGenerator = LogarithmicTicks();
        ShowRuns(plot);
        return plot;
    }

    private static Plot Load(RunResult run)
    {
        var backends = run.Backends.Count;
        var slices = run.Timeline;
        var seconds = slices.Count > 1 ? (slices[1].At - slices[0].At).TotalSeconds : run.Measured.TotalSeconds;
        var rates = new double[backends, slices.Count];
        for (var slice = 0; slice < slices.Count; slice++)
        {
            for (var backend = 0; backend < backends; backend++)
            {
                // The first row is drawn at the top.
                rates[backends - 1 - backend, slice] = slices[slice].Attempts[backend] / seconds;
            }
        }

        var plot = New($"Attempts a second at each backend: {run.Label}", "time (s)", "backend");
        var map = plot.Add.Heatmap(rates);
        map.Colormap = new ScottPlot.Colormaps.Viridis();

        // The rectangle goes through the middle of the outer cells.
        map.Position = new CoordinateRect(seconds / 2, seconds * (slices.Count - 0.5), 0, backends - 1);
        plot.Add.ColorBar(map);
        plot.Axes.SetLimits(0, seconds * slices.Count, -0.5, backends - 0.5);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true, MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1) };
        plot.HideGrid();
        return plot;
    }

    private static Plot KeysMoved(IReadOnlyList<KeyMoveResult> moves)
    {
        var plot = New(
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

    private static Plot RingSize(IReadOnlyList<KeyMoveResult> sizes)
    {
        var plot = New("How even the shares are", "points on the ring for each backend", "standard deviation of the shares (% of their mean)");
        var points = sizes.Select(static size => Math.Log10(PointsOf(size))).ToArray();
        var measured = plot.Add.Scatter(points, sizes.Select(static size => size.Deviation * 100).ToArray());
        measured.LegendText = "measured";
        measured.LineWidth = 2;
        measured.MarkerSize = 8;
        var theory = plot.Add.ScatterLine(points, sizes.Select(static size => 100 / Math.Sqrt(PointsOf(size))).ToArray());
        theory.LegendText = "1 ÷ √points";
        theory.LinePattern = LinePattern.Dashed;
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks();
        plot.Axes.SetLimitsY(0, 120);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    // The legend is beside the data, because lines may run anywhere in the plot.
    private static void ShowRuns(Plot plot) => plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperCenter;

    private static double EndOf(IReadOnlyList<RunResult> runs) => runs.Max(static run => run.Timeline[^1].At).TotalSeconds;

    private static double PointsOf(KeyMoveResult size) => double.Parse(size.Label.Split(' ')[^2], CultureInfo.InvariantCulture);

    // ScottPlot has no logarithmic axis; it draws logarithms and labels them.
    private static NumericAutomatic LogarithmicTicks() => new()
    {
        MinorTickGenerator = new LogMinorTickGenerator(),
        IntegerTicksOnly = true,
        LabelFormatter = static exponent => Math.Pow(10, exponent).ToString("0.#######", CultureInfo.InvariantCulture),
    };

    private static Plot New(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel(x);
        plot.YLabel(y);
        return plot;
    }

    private static string FileName(string label) =>
        string.Join('-', new string([.. label.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
