namespace Quickstart;

/// <summary>Writes plain lines, which a log can hold.</summary>
internal sealed class PlainReport(TextWriter output) : IReport
{
    private const int BarWidth = 25;
    private const int MaxShareColumns = 10;

    public void ShowBackends(BackendGroup backends, QuickstartOptions options)
    {
        output.WriteLine($"ClientSideLb quickstart: {backends.Count} backends, {options.Requests} requests with each strategy.");
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
        output.WriteLine($"{run.Strategy}: {StrategyGuide.Describe(run.Strategy)}");
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
            output.WriteLine($"  The first failure: {failure}");
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

    public void ShowSummary(IReadOnlyList<RunResult> results, QuickstartOptions options)
    {
        output.WriteLine();
        output.WriteLine("Summary: the share of each backend");

        var shown = Math.Min(options.Backends, MaxShareColumns);
        var table = new TextTable(
            ["strategy", .. Enumerable.Range(1, shown).Select(static number => $"{number}"), "mean", "p50", "p99", "failures", "moved", "out after", "back after", "keys moved", $"of {options.Outage}", "came back"]);
        foreach (var result in results)
        {
            table.Add(
                [
                    result.Strategy,
                    .. result.Shares.Take(shown).Select(Wording.FormatPercent),
                    Wording.FormatMilliseconds(result.Mean),
                    Wording.FormatMilliseconds(result.P50),
                    Wording.FormatMilliseconds(result.P99),
                    $"{result.Failures}",
                    $"{result.Moved}",
                    Wording.FormatTime(result.OutAfter),
                    Wording.FormatTime(result.BackAfter),
                    result.KeyMoves is { } moved ? $"{moved.Moved} of {moved.Keys}" : "-",
                    result.KeyMoves is { } own ? $"{own.OfBackendOut} of {own.Moved}" : "-",
                    result.KeyMoves is { } back ? $"{back.CameBack} of {back.Moved}" : "-",
                ]);
        }

        table.WriteTo(output);
        if (shown < options.Backends)
        {
            output.WriteLine($"  (backends 1 to {shown} of {options.Backends})");
        }

        output.WriteLine();
        foreach (var line in StrategyGuide.ExplainSummary(results, options))
        {
            output.WriteLine($"- {line}");
        }
    }
}
