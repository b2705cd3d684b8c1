using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quickstart;

/// <summary>Draws live tables in a terminal.</summary>
internal sealed class LiveReport(IAnsiConsole console) : IReport
{
    // The lines and columns of a live table besides its rows and its bars.
    private const int OtherLines = 17;
    private const int OtherColumns = 65;
    private const int WideConsole = 100;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(80);

    /// <summary>Gets a value indicating whether the output is a terminal that can move its cursor.</summary>
    internal static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    private int Width => console.Profile.Width;

    private int Gap => Width < WideConsole ? 1 : 2;

    public void ShowBackends(BackendGroup backends, QuickstartOptions options)
    {
        Console.OutputEncoding = Encoding.UTF8;
        var latencies = backends.Select(static backend => backend.Latency.TotalMilliseconds).ToList();
        console.MarkupLine(
            $"[bold]ClientSideLb quickstart[/]: {backends.Count} backends that answer in {latencies.Min()} to {latencies.Max()} ms, "
            + $"{options.Requests} requests with each strategy.");
    }

    public async Task RunAsync(StrategyRun run, CancellationToken cancellationToken)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{run.Strategy}[/]").LeftJustified().RuleStyle("grey"));
        console.MarkupLine($"[grey]{StrategyGuide.Describe(run.Strategy)}[/]");
        await console.Live(Draw(run)).StartAsync(async live =>
        {
            var running = run.RunAsync(cancellationToken);
            while (!running.IsCompleted)
            {
                live.UpdateTarget(Draw(run));
                await Task.WhenAny(running, Task.Delay(Frame, CancellationToken.None));
            }

            live.UpdateTarget(Draw(run));
            await running;
        });
    }

    public void ShowSummary(IReadOnlyList<RunResult> results, QuickstartOptions options)
    {
        console.WriteLine();
        console.Write(new Rule("[bold]Summary[/]: the share of each backend, times in ms").LeftJustified().RuleStyle("grey"));
        console.Write(DrawSummary(results, options));
        console.WriteLine();
        foreach (var line in StrategyGuide.ExplainSummary(results, options))
        {
            console.MarkupLine($"[grey]- {line.EscapeMarkup()}[/]");
        }
    }

    private Rows Draw(StrategyRun run)
    {
        var lines = new List<IRenderable>
        {
            DrawBackends(run),
        };
        var events = run.Events;
        lines.AddRange(events.Select((one, i) => new Markup($"[{(i == events.Count - 1 ? "yellow" : "grey")}]{Wording.FormatEvent(one)}[/]")));
        lines.Add(new Markup(Wording.FormatTotals(run)));
        if (run.Outage is { } outage)
        {
            lines.Add(new Markup(Wording.FormatAttempts(run, outage)));
            if (run.GetKeyMoves() is { } moves && run.IsOver)
            {
                lines.Add(new Markup(Wording.FormatKeyMoves(moves, outage.Tally.Backend.Number)));
            }
        }

        if (run.FirstFailure is { } failure)
        {
            lines.Add(new Markup($"[red]The first failure: {failure.EscapeMarkup()}[/]"));
        }

        return new Rows(lines);
    }

    private Table DrawBackends(StrategyRun run)
    {
        var table = CreateTable("    Address", "Weight", "State", "Requests", "Share", "In flight", "Latency");
        table.Columns[0].LeftAligned();
        table.Columns[2].LeftAligned();
        table.Columns[4].LeftAligned();

        var shown = SelectVisible(run);
        foreach (var tally in shown)
        {
            table.AddRow(
                $"{tally.Backend.Number,2}  {tally.Endpoint.Address.Authority}",
                $"{tally.Endpoint.Weight}",
                DrawState(tally.State),
                $"{tally.Requests}",
                DrawShare(run.GetShare(tally), run.Tallies.Count),
                $"{tally.Endpoint.InFlight} [grey]/ {tally.PeakInFlight,2}[/]",
                Wording.FormatMilliseconds(tally.Endpoint.Latency));
        }

        if (shown.Count < run.Tallies.Count)
        {
            table.AddRow($"[grey]    and {run.Tallies.Count - shown.Count} more[/]");
        }

        return table;
    }

    // A live table must not be higher than the terminal. It always shows the backend that goes out.
    private List<BackendTally> SelectVisible(StrategyRun run)
    {
        var room = Math.Max(2, console.Profile.Height - OtherLines);
        if (run.Tallies.Count <= room)
        {
            return [.. run.Tallies];
        }

        var outage = run.Outage?.Tally ?? run.Tallies[0];
        return [.. run.Tallies.Take(room).Where(tally => tally != outage).Take(room - 1).Append(outage).OrderBy(static tally => tally.Backend.Number)];
    }

    private static string DrawState(string state) => state switch
    {
        "healthy" => "[green]healthy[/]  ",
        "draining" => "[yellow]draining[/] ",
        "ejected" => "[red]ejected[/]  ",
        "unhealthy" => "[red]unhealthy[/]",
        _ => $"[grey]{state,-9}[/]",
    };

    // With every strategy, a full bar is two and a half times the fair share, so that bars can be compared.
    private string DrawShare(double share, int backends)
    {
        const string Eighths = " ▏▎▍▌▋▊▉";

        var width = Math.Clamp(Width - OtherColumns - (Gap * 7), 6, 40);
        var eighths = (int)Math.Round(Math.Min(1, share * backends / 2.5) * width * 8);
        var bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? Eighths[eighths % 8] : "");
        return $"[blue]{bar.PadRight(width)}[/] {Wording.FormatPercent(share),5}";
    }

    private Table DrawSummary(IReadOnlyList<RunResult> results, QuickstartOptions options)
    {
        const int ShareColumn = 3;

        // Each column has its header, the width of its widest cell, and its cells. A narrow terminal shows only some of the columns.
        var isWide = Width >= WideConsole;
        var withKeys = results.Any(static result => result.KeyMoves is not null);
        List<(string Header, int Width, Func<RunResult, string> Cell)> columns =
        [
            ("p50", 4, static result => $"{result.P50.TotalMilliseconds:0.0}"),
            ("p99", 4, static result => $"{result.P99.TotalMilliseconds:0.0}"),
            ("Fail", 4, static result => result.Failures == 0 ? "[green]0[/]" : $"[red]{result.Failures}[/]"),
            ("Moved", 5, static result => $"{result.Moved}"),
        ];
        if (isWide)
        {
            columns.Insert(0, ("Mean", 4, static result => $"{result.Mean.TotalMilliseconds:0.0}"));
            columns.Add(("Out", 4, static result => $"{result.OutAfter?.TotalMilliseconds:0}"));
            columns.Add(("Back", 4, static result => $"{result.BackAfter?.TotalMilliseconds:0}"));
        }

        if (withKeys)
        {
            columns.Add(("Keys", 6, static result => result.KeyMoves is { } moves ? $"{moves.Moved}/{moves.Keys}" : ""));
            columns.Add(($"Of #{options.Outage}", 5, static result => result.KeyMoves is { } moves ? $"{moves.OfBackendOut}/{moves.Moved}" : ""));
            columns.Add(("Home", 5, static result => result.KeyMoves is { } moves ? $"{moves.CameBack}/{moves.Moved}" : ""));
        }

        var others = results.Max(static result => result.Strategy.Length) + Gap + columns.Sum(column => column.Width + Gap);
        var shown = Math.Clamp((Width - others) / (ShareColumn + Gap), 1, options.Backends);
        var table = CreateTable(
            ["Strategy", .. Enumerable.Range(1, shown).Select(static number => $"#{number}"), .. columns.Select(static column => column.Header)]);
        table.Columns[0].LeftAligned();
        foreach (var result in results)
        {
            table.AddRow(
                [
                    result.Strategy,
                    .. result.Shares.Take(shown).Select(static share => $"{share:0%}".Replace(" ", "", StringComparison.Ordinal)),
                    .. columns.Select(column => column.Cell(result)),
                ]);
        }

        return table;
    }

    private Table CreateTable(params string[] headers)
    {
        var table = new Table().NoBorder();
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn($"[grey]{header}[/]") { Padding = new Padding(0, 0, Gap, 0), NoWrap = true, Alignment = Justify.Right });
        }

        return table;
    }
}
