using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Showdown;

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

    public void ShowBackends(BackendGroup backends, ShowdownOptions options)
    {
        Console.OutputEncoding = Encoding.UTF8;
        var latencies = backends.Select(static backend => backend.Latency.TotalMilliseconds).ToList();
        console.MarkupLine(
            $"[bold]ClientSideLb showdown[/]: {backends.Count} backends that answer in {latencies.Min()} to {latencies.Max()} ms, "
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

    public void ShowSummary(IReadOnlyList<RunResult> results, ShowdownOptions options)
    {
        foreach (var summary in SummaryTable.Create(results, options, Width))
        {
            console.WriteLine();
            console.Write(new Rule($"[bold]{summary.Title}[/]").LeftJustified().RuleStyle("grey"));
            console.Write(DrawSummary(summary));
            console.MarkupLine($"[grey]{summary.Legend.EscapeMarkup()}[/]");
        }

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

    private Table DrawSummary(SummaryTable summary)
    {
        var table = CreateTable([.. summary.Heads]);
        table.Columns[0].LeftAligned();
        foreach (var row in summary.Rows)
        {
            table.AddRow([.. row.Zip(summary.Heads, static (cell, head) =>
                head != SummaryTable.FailedHead ? cell.EscapeMarkup() : cell == "0" ? "[green]0[/]" : $"[red]{cell}[/]")]);
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
