using System.Globalization;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Draws the plots of a result.</summary>
internal static class Plots
{
    /// <param name="result">The result.</param>
    /// <param name="origin">Its origin, such as the command that repeats it. Each plot has it as its subtitle.</param>
    internal static IEnumerable<Plot> Of(ScenarioResult result, string origin)
    {
        if (result.Runs.Count > 0)
        {
            yield return new Plot("latency-over-time", LatencyPlots.DrawOverTime(result.Runs, origin));
            yield return new Plot("latency-distribution", LatencyPlots.DrawDistribution(result.Runs, origin));
            if (result.Runs.Any(static run => run.Failures > 0))
            {
                yield return new Plot("errors-over-time", ErrorPlot.Draw(result.Runs, origin));
            }

            foreach (var zone in result.Runs.SelectMany(static run => run.Zones).Select(static zone => zone.Zone).Distinct())
            {
                yield return new Plot($"latency-in-zone-{GetFileName(zone)}", LatencyPlots.DrawZone(zone, result.Runs, origin));
            }

            // With a single backend there is nothing to compare.
            var compared = result.Runs.Where(static run => run.Backends.Count > 1).ToArray();
            foreach (var run in compared)
            {
                yield return new Plot($"load-{GetFileName(run.Label)}", LoadPlot.Draw(run, compared, origin));
            }
        }

        foreach (var change in result.KeyMoves.Where(static move => !KeyPlots.IsRingSize(move)).GroupBy(static move => (move.From, move.To)))
        {
            yield return new Plot(string.Create(CultureInfo.InvariantCulture, $"keys-moved-{change.Key.From}-to-{change.Key.To}"), KeyPlots.DrawMoves([.. change], origin));
        }

        if (result.KeyMoves.Where(KeyPlots.IsRingSize).ToArray() is { Length: > 0 } sizes)
        {
            yield return new Plot("ring-size", KeyPlots.DrawRingSizes(sizes, origin));
        }
    }

    internal static Axis CreateTime(IReadOnlyList<RunResult> runs) =>
        new("time", LinearScale.CreateTime(runs.Max(static run => run.Timeline[^1].At + GetSlice(run))));

    /// <summary>Gets the length of the slices of a run's timeline.</summary>
    internal static TimeSpan GetSlice(RunResult run) => run.Timeline.Count > 1 ? run.Timeline[1].At - run.Timeline[0].At : run.Measured;

    private static string GetFileName(string label) =>
        string.Join('-', new string([.. label.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
