namespace Quickstart;

/// <summary>What the live and the plain report say alike.</summary>
internal static class Wording
{
    internal static string Milliseconds(TimeSpan? time) => time is { } known ? $"{known.TotalMilliseconds:0.0} ms" : "-";

    internal static string Percent(double share) => $"{share:0.0%}".Replace(" ", "", StringComparison.Ordinal);

    internal static string Totals(StrategyRun run) =>
        $"{run.Timings.Count} of {run.Requests} answered, {run.Failures} failed, "
        + $"mean {Milliseconds(run.Timings.Mean())}, p50 {Milliseconds(run.Timings.Percentile(0.5))}, p99 {Milliseconds(run.Timings.Percentile(0.99))}";

    internal static string Moves(KeyMoves moves, int outage) =>
        $"{moves.Keys} keys: {moves.Moved} moved while backend {outage} was out, {moves.CameBack} came back to it";
}
