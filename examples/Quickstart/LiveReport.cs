using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quickstart;

/// <summary>Draws tables that move, in a terminal.</summary>
internal sealed class LiveReport(IAnsiConsole console) : IReport
{
    // What stands around the rows of a live table, and around its bars.
    private const int OtherLines = 17;
    private const int OtherColumns = 65;
    private const int WideConsole = 100;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(80);

    /// <summary>Gets a value indicating whether there is a terminal that can move its cursor.</summary>
    internal static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    private int Width => console.Profile.Width;

    private int Gap => Width < WideConsole ? 1 : 2;

    public void Begin(BackendGroup backends, QuickstartOptions options)
    {
        Console.OutputEncoding = Encoding.UTF8;
        var latencies = backends.Select(static backend => backend.Latency.TotalMilliseconds).ToList();
        console.MarkupLine(
            $"[bold]ClientSideLb quickstart[/]: {backends.Count} backends that answer in {latencies.Min()} to {latencies.Max()} ms, "
            + $"{options.Requests} requests with each strategy.");
    }

    public async Task ShowAsync(StrategyRun run, CancellationToken cancellationToken)
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

    public void End(IReadOnlyList<RunResult> results, QuickstartOptions options)
    {
        console.WriteLine();
        console.Write(new Rule("[bold]Summary[/]: the share of each backend, times in ms").LeftJustified().RuleStyle("grey"));
        console.Write(Summarize(results, options));
        console.WriteLine();
        foreach (var line in StrategyGuide.Legend(results, options))
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
        lines.AddRange(events.Select((one, i) => new Markup($"[{(i == events.Count - 1 ? "yellow" : "grey")}]{Wording.Line(one)}[/]")));
        lines.Add(new Markup(Wording.Totals(run)));
        if (run.Outage is { } outage)
        {
            lines.Add(new Markup(Wording.Moved(run, outage)));
            if (run.GetKeyMoves() is { } moves && run.IsOver)
            {
                lines.Add(new Markup(Wording.Moves(moves, outage.Tally.Backend.Number)));
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
        var table = NewTable("    Address", "Weight", "State", "Requests", "Share", "In flight", "Latency");
        table.Columns[0].LeftAligned();
        table.Columns[2].LeftAligned();
        table.Columns[4].LeftAligned();

        var shown = Fitting(run);
        foreach (var tally in shown)
        {
            table.AddRow(
                $"{tally.Backend.Number,2}  {tally.Endpoint.Address.Authority}",
                $"{tally.Endpoint.Weight}",
                DrawState(tally.State),
                $"{tally.Requests}",
                DrawShare(run.ShareOf(tally), run.Tallies.Count),
                $"{tally.Endpoint.InFlight} [grey]/ {tally.PeakInFlight,2}[/]",
                Wording.Milliseconds(tally.Endpoint.Latency));
        }

        if (shown.Count < run.Tallies.Count)
        {
            table.AddRow($"[grey]    and {run.Tallies.Count - shown.Count} more[/]");
        }

        return table;
    }

    // A live table must not be higher than the terminal. The backend that goes out is always in it.
    private List<BackendTally> Fitting(StrategyRun run)
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

    // A full bar is two and a half times the fair share, the same with every strategy, so that bars can be compared.
    private string DrawShare(double share, int backends)
    {
        const string Eighths = " ▏▎▍▌▋▊▉";

        var width = Math.Clamp(Width - OtherColumns - (Gap * 7), 6, 40);
        var eighths = (int)Math.Round(Math.Min(1, share * backends / 2.5) * width * 8);
        var bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? Eighths[eighths % 8] : "");
        return $"[blue]{bar.PadRight(width)}[/] {Wording.Percent(share),5}";
    }

    private Table Summarize(IReadOnlyList<RunResult> results, QuickstartOptions options)
    {
        const int ShareColumn = 3;

        // Name and header, and the widest cell. A narrow terminal has no room for all of them.
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
            columns.Add(($"Of #{options.Outage}", 5, static result => result.KeyMoves is { } moves ? $"{moves.OfOutage}/{moves.Moved}" : ""));
            columns.Add(("Home", 5, static result => result.KeyMoves is { } moves ? $"{moves.CameBack}/{moves.Moved}" : ""));
        }

        var others = results.Max(static result => result.Strategy.Length) + Gap + columns.Sum(column => column.Width + Gap);
        var shown = Math.Clamp((Width - others) / (ShareColumn + Gap), 1, options.Backends);
        var table = NewTable(
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

    private Table NewTable(params string[] headers)
    {
        var table = new Table().NoBorder();
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn($"[grey]{header}[/]") { Padding = new Padding(0, 0, Gap, 0), NoWrap = true, Alignment = Justify.Right });
        }

        return table;
    }
}
