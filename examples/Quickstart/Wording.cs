namespace Quickstart;

/// <summary>What the live and the plain report say alike.</summary>
internal static class Wording
{
    internal static string Milliseconds(TimeSpan? time) => time is { } known ? $"{known.TotalMilliseconds:0.0} ms" : "-";

    internal static string Percent(double share) => $"{share:0.0%}".Replace(" ", "", StringComparison.Ordinal);

    internal static string Count(int count, string what) => count switch
    {
        0 => $"no {what}",
        1 => $"1 {what}",
        _ => $"{count} {what}s",
    };

    internal static string Line(Event one) => $"{one.Answered,6} answered: {one.What}";

    internal static string Totals(StrategyRun run) =>
        $"{run.Timings.Count} of {run.Requests} answered, {run.Failures} failed, "
        + $"mean {Milliseconds(run.Timings.Mean())}, p50 {Milliseconds(run.Timings.Percentile(0.5))}, p99 {Milliseconds(run.Timings.Percentile(0.99))}";

    internal static string Moved(StrategyRun run, Outage outage)
    {
        var begun = outage.Kind == OutageKind.Kill ? "kill" : "drain";
        return $"{run.Attempts} attempts: {run.Moved} moved"
            + (outage.OutAfter is { } gone ? $"; out {Time(gone)} after the {begun}" : "")
            + (outage.BackAfter is { } back ? $", back {Time(back)} after the restart" : "");
    }

    internal static string Moves(KeyMoves moves, int outage) =>
        $"{moves.Keys} keys: {moves.Moved} moved while backend {outage} was out, {moves.OfOutage} of them its own, and {moves.CameBack} came back";

    internal static string Time(TimeSpan? time) => time is { } known ? $"{known.TotalMilliseconds:0} ms" : "-";
}
