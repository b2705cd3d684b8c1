namespace Showdown;

/// <summary>Texts that the live and the plain report share.</summary>
internal static class Wording
{
    internal static string FormatMilliseconds(TimeSpan? time) => time is { } known ? $"{known.TotalMilliseconds:0.0} ms" : "-";

    internal static string FormatPercent(double share) => $"{share:0.0%}".Replace(" ", "", StringComparison.Ordinal);

    internal static string FormatCount(int count, string noun) => count switch
    {
        0 => $"no {noun}",
        1 => $"1 {noun}",
        _ => $"{count} {noun}s",
    };

    internal static string FormatEvent(Event one) => $"{one.Answered,6} answered: {one.Text}";

    internal static string FormatTotals(StrategyRun run) =>
        $"{run.Timings.Count} of {run.Requests} answered, {run.Failures} failed, "
        + $"mean {FormatMilliseconds(run.Timings.GetMean())}, p50 {FormatMilliseconds(run.Timings.GetPercentile(0.5))}, p99 {FormatMilliseconds(run.Timings.GetPercentile(0.99))}";

    internal static string FormatAttempts(StrategyRun run, Outage outage)
    {
        var begun = outage.Kind == OutageKind.Kill ? "kill" : "drain";
        return $"{run.Attempts} attempts: {run.Moved} moved"
            + (outage.OutAfter is { } gone ? $"; out {FormatTime(gone)} after the {begun}" : "")
            + (outage.BackAfter is { } back ? $", back {FormatTime(back)} after the restart" : "");
    }

    internal static string FormatKeyMoves(KeyMoves moves, int outage) =>
        $"{moves.Keys} keys: {moves.Moved} moved while backend {outage} was out, {moves.OfBackendOut} of them its own, and {moves.CameBack} came back";

    internal static string FormatTime(TimeSpan? time) => time is { } known ? $"{known.TotalMilliseconds:0} ms" : "-";

    /// <summary>Breaks a text between words into lines of at most a given length. A longer word has a line of its own.</summary>
    internal static IEnumerable<string> Wrap(string text, int length)
    {
        var line = "";
        foreach (var word in text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > length)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : $" {word}";
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }
}
