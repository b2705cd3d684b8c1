using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws plots of the results.</summary>
internal static class Plots
{
    internal const int Width = 1000;
    internal const int Height = 560;

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
            line.LegendText = run.Label;
            line.LineWidth = 2;
        }

        // Only powers of ten have labels. The axis begins and ends at one, so that it has labels even if the latencies hardly differ.
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(Math.Floor(limits.Bottom), Math.Ceiling(limits.Top));
        plot.Axes.SetLimitsX(0, GetEnd(runs));
        plot.Axes.Left.TickGenerator = CreateLogarithmicTicks();
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
            line.LegendText = run.Label;
            line.LineWidth = 2;
        }

        plot.Axes.SetLimitsX(0, GetEnd(runs));
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
            line.LegendText = run.Label;
            line.LineWidth = 2;
        }

        plot.Axes.Bottom.TickGenerator = CreateLogarithmicTicks();
        plot.Axes.Left.TickGenerator = CreateLogarithmicTicks();
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
        plot.Axes.Bottom.TickGenerator = CreateLogarithmicTicks();
        plot.Axes.SetLimitsY(0, 120);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    // The legend stands beside the data, because on the data it could cover a line.
    private static void ShowLegend(Plot plot) => plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperCenter;

    private static double GetEnd(IReadOnlyList<RunResult> runs) => runs.Max(static run => run.Timeline[^1].At).TotalSeconds;

    private static double GetPoints(KeyMoveResult size) => double.Parse(size.Label.Split(' ')[^2], CultureInfo.InvariantCulture);

    // ScottPlot has no logarithmic axis. The plots draw logarithms, and these ticks turn them into labels.
    private static NumericAutomatic CreateLogarithmicTicks() => new()
    {
        MinorTickGenerator = new LogMinorTickGenerator(),
        IntegerTicksOnly = true,
        LabelFormatter = static exponent => Math.Pow(10, exponent).ToString("0.#######", CultureInfo.InvariantCulture),
    };

    private static Plot CreatePlot(string title, string x, string y)
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
