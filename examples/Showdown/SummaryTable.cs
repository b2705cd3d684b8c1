namespace Showdown;

/// <summary>One table of the summary. The live and the plain report draw the same ones.</summary>
/// <param name="Title">What the table shows.</param>
/// <param name="Legend">What its heads mean.</param>
/// <param name="Heads">The heads of the columns.</param>
/// <param name="Rows">The cells, a row for each strategy.</param>
internal sealed record SummaryTable(string Title, string Legend, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The head of the column that tells how many requests failed.</summary>
    internal const string FailedHead = "Failed";

    private const int MaxShareColumns = 10;

    /// <summary>Creates the tables.</summary>
    /// <param name="results">The results of all runs.</param>
    /// <param name="options">The options of the runs.</param>
    /// <param name="width">The number of columns of the screen or page.</param>
    internal static IEnumerable<SummaryTable> Create(IReadOnlyList<RunResult> results, ShowdownOptions options, int width)
    {
        yield return CreateShares(results, options, width);
        if (options.Outage is { } outage)
        {
            yield return CreateOutage(results, outage, options.OutageKind);
        }
    }

    private static SummaryTable CreateShares(IReadOnlyList<RunResult> results, ShowdownOptions options, int width)
    {
        // The strategy's name, and four columns of numbers.
        const int OtherColumns = 50;
        const int ShareColumn = 6;

        var shown = Math.Clamp((width - OtherColumns) / ShareColumn, 1, Math.Min(options.Backends, MaxShareColumns));
        var hidden = shown < options.Backends ? $" Backends {shown + 1} to {options.Backends} have no column here." : "";
        return new SummaryTable(
            "Where the requests went, and how long they took",
            $"#1 is the share of backend 1. Half of the requests took no longer than p50, and 99 of 100 no longer than p99.{hidden}",
            ["Strategy", .. Enumerable.Range(1, shown).Select(static number => $"#{number}"), "Mean ms", "p50 ms", "p99 ms", FailedHead],
            [.. results.Select(result => (IReadOnlyList<string>)
                [
                    result.Strategy,
                    .. result.Shares.Take(shown).Select(static share => $"{share:0%}".Replace(" ", "", StringComparison.Ordinal)),
                    $"{result.Mean.TotalMilliseconds:0.0}",
                    $"{result.P50.TotalMilliseconds:0.0}",
                    $"{result.P99.TotalMilliseconds:0.0}",
                    $"{result.Failures}",
                ])]);
    }

    private static SummaryTable CreateOutage(IReadOnlyList<RunResult> results, int outage, OutageKind kind)
    {
        var withKeys = results.Any(static result => result.KeyMoves is not null);
        var begin = kind == OutageKind.Kill ? "kill" : "drain";
        var keys = withKeys
            ? $" Keys moved: how many keys another backend served during the outage, how many of these were backend {outage}'s own, and how many returned to their first backend after it."
            : "";
        return new SummaryTable(
            $"What happened when backend {outage} was out",
            $"Moved: attempts that went to another backend. Out after: the time from the {begin} until the balancer sent no more requests there. "
                + $"Back after: the time from the restart until the balancer took it back.{keys}",
            ["Strategy", "Moved", "Out after", "Back after", .. withKeys ? ["Keys moved", "Its own", "Returned"] : Array.Empty<string>()],
            [.. results.Select(result => (IReadOnlyList<string>)
                [
                    result.Strategy,
                    $"{result.Moved}",
                    Wording.FormatTime(result.OutAfter),
                    Wording.FormatTime(result.BackAfter),
                    .. withKeys ? FormatKeys(result.KeyMoves) : [],
                ])]);
    }

    private static string[] FormatKeys(KeyMoves? moves) => moves is null
        ? ["-", "-", "-"]
        : [$"{moves.Moved} of {moves.Keys}", $"{moves.OfBackendOut}", $"{moves.CameBack}"];
}
