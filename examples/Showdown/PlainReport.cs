namespace Showdown;

/// <summary>Writes plain lines, which a log can hold.</summary>
internal sealed class PlainReport(TextWriter output) : IReport
{
    private const int BarWidth = 25;

    // A log or a web page shows so many columns without breaking lines.
    private const int Width = 120;

    public void ShowBackends(BackendGroup backends, ShowdownOptions options)
    {
        output.WriteLine($"ClientSideLb showdown: {backends.Count} backends, {options.Requests} requests with each strategy.");
        output.WriteLine();

        var table = new TextTable("backend", "weight", "answers in");
        foreach (var backend in backends)
        {
            table.Add($"{backend.Number}  {backend.Address.Authority}", $"{backend.Weight}", $"{backend.Latency.TotalMilliseconds} ms");
        }

        table.WriteTo(output);
    }

    public async Task RunAsync(StrategyRun run, CancellationToken cancellationToken)
    {
        output.WriteLine();
        WriteWrapped($"{run.Strategy}: {StrategyGuide.Describe(run.Strategy)}", indent: "");
        run.EventOccurred += one => output.WriteLine($"  {Wording.FormatEvent(one)}");
        await run.RunAsync(cancellationToken);

        var table = new TextTable("backend", "weight", "state", "requests", "share", "of all".PadRight(BarWidth), "peak in flight", "latency");
        foreach (var tally in run.Tallies)
        {
            var share = run.GetShare(tally);
            table.Add(
                $"{tally.Backend.Number}  {tally.Endpoint.Address.Authority}",
                $"{tally.Endpoint.Weight}",
                tally.State,
                $"{tally.Requests}",
                Wording.FormatPercent(share),
                new string('#', (int)Math.Round(share * BarWidth)).PadRight(BarWidth, '.'),
                $"{tally.PeakInFlight}",
                Wording.FormatMilliseconds(tally.Endpoint.Latency));
        }

        table.WriteTo(output);
        output.WriteLine($"  {Wording.FormatTotals(run)}");
        if (run.FirstFailure is { } failure)
        {
            WriteWrapped($"The first failure: {failure}", indent: "  ");
        }

        if (run.Outage is { } outage)
        {
            output.WriteLine($"  {Wording.FormatAttempts(run, outage)}");
            if (run.GetKeyMoves() is { } moves)
            {
                output.WriteLine($"  {Wording.FormatKeyMoves(moves, outage.Tally.Backend.Number)}");
            }
        }
    }

    public void ShowSummary(IReadOnlyList<RunResult> results, ShowdownOptions options)
    {
        foreach (var summary in SummaryTable.Create(results, options, Width))
        {
            output.WriteLine();
            output.WriteLine($"{summary.Title}:");
            var table = new TextTable(summary.Heads);
            foreach (var row in summary.Rows)
            {
                table.Add(row);
            }

            table.WriteTo(output);
            WriteWrapped(summary.Legend, indent: "  ");
        }

        output.WriteLine();
        foreach (var line in StrategyGuide.ExplainSummary(results, options))
        {
            WriteWrapped(line, "- ", "  ");
        }
    }

    private void WriteWrapped(string text, string indent) => WriteWrapped(text, indent, indent);

    private void WriteWrapped(string text, string start, string indent)
    {
        foreach (var line in Wording.Wrap(text, Width - indent.Length))
        {
            output.WriteLine($"{start}{line}");
            start = indent;
        }
    }
}
