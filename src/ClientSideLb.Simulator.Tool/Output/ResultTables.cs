using System.Globalization;
using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Shows results in tables.</summary>
internal static class ResultTables
{
    internal static void Write(IAnsiConsole console, ScenarioResult result)
    {
        if (result.Runs.Count > 0)
        {
            WriteRuns(console, result.Runs);
        }

        if (result.KeyMoves.Count > 0)
        {
            WriteKeyMoves(console, result.KeyMoves);
        }
    }

    private static void WriteRuns(IAnsiConsole console, IReadOnlyList<RunResult> runs)
    {
        var columns = new List<(string Title, Func<RunResult, string> Value)>
        {
            ("requests", static run => run.Requests.ToString("N0", CultureInfo.InvariantCulture)),
            ("share", static run => Range(run.Backends.Min(static backend => backend.Share), run.Backends.Max(static backend => backend.Share))),
            ("max ÷ mean", static run => run.Imbalance.ToString("0.00", CultureInfo.InvariantCulture)),
            ("p50 ms", static run => Milliseconds(run.Latency.Quantile(0.5))),
            ("p90", static run => Milliseconds(run.Latency.Quantile(0.9))),
            ("p99", static run => Milliseconds(run.Latency.Quantile(0.99))),
            ("p99.9", static run => Milliseconds(run.Latency.Quantile(0.999))),
            ("errors", static run => Percent(run.ErrorRate)),
            ("peak in flight", static run => run.PeakInFlight.ToString("N0", CultureInfo.InvariantCulture)),
        };

        // A column for something that happened in no run is left out.
        if (runs.Any(static run => run.Moved > 0))
        {
            columns.Add(("moved", static run => run.Moved.ToString("N0", CultureInfo.InvariantCulture)));
        }

        if (runs.Any(static run => run.TimeToDetect is not null))
        {
            columns.Add(("to detect", static run => Time(run.TimeToDetect)));
        }

        if (runs.Any(static run => run.TimeToReturn is not null))
        {
            columns.Add(("to return", static run => Time(run.TimeToReturn)));
        }

        columns.Add(("keys moved", static run => Percent(run.KeysMoved)));
        WriteTables(console, "run", runs, static run => run.Label, columns);
    }

    private static void WriteKeyMoves(IAnsiConsole console, IReadOnlyList<KeyMoveResult> moves) => WriteTables(
        console,
        "keys are mapped by",
        moves,
        static move => move.Label,
        [
            ("backends", static move => string.Create(CultureInfo.InvariantCulture, $"{move.From} → {move.To}")),
            ("keys moved", static move => Percent(move.Moved)),
            ("necessarily", static move => Percent(move.Necessary)),
            ("needlessly", static move => Percent(move.MovedBetweenOthers)),
            ("max ÷ mean", static move => move.Imbalance.ToString("0.00", CultureInfo.InvariantCulture)),
            ("deviation", static move => Percent(move.Deviation)),
        ]);

    // Columns that do not fit into the width go into a further table, because folded figures are hard to read.
    private static void WriteTables<T>(
        IAnsiConsole console, string title, IReadOnlyList<T> rows, Func<T, string> label, IReadOnlyList<(string Title, Func<T, string> Value)> columns)
    {
        // Each column has a line and two blanks beside it, and the table has two blanks more.
        const int Gap = 3;
        const int Margin = 4;

        var labels = rows.Select(label).ToArray();
        var labelWidth = WidthOf(title, labels);
        var table = NewTable();
        var width = Margin + labelWidth;
        var used = new List<string[]>();
        foreach (var column in columns)
        {
            string[] cells = [.. rows.Select(column.Value)];
            var columnWidth = Gap + WidthOf(column.Title, cells);
            if (used.Count > 0 && width + columnWidth > console.Profile.Width)
            {
                Flush();
                table = NewTable();
                width = Margin + labelWidth;
                used.Clear();
            }

            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
            width += columnWidth;
            used.Add(cells);
        }

        Flush();

        Table NewTable() => new Table().Border(TableBorder.Minimal).AddColumn(new TableColumn(title).NoWrap());

        void Flush()
        {
            for (var row = 0; row < labels.Length; row++)
            {
                table.AddRow([Markup.Escape(labels[row]), .. used.Select(cells => Markup.Escape(cells[row]))]);
            }

            console.Write(table);
        }
    }

    private static int WidthOf(string title, IEnumerable<string> cells) => cells.Append(title).Max(static cell => cell.Length);

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 10 => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture),
        _ => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
    };

    private static string Time(TimeSpan? time) => time is { } known ? Duration.Format(known) : "–";

    private static string Percent(double part) => part switch
    {
        0 => "0 %",
        < 0.0001 => "< 0.01 %",
        < 0.1 => part.ToString("0.00 %", CultureInfo.InvariantCulture),
        _ => part.ToString("0.0 %", CultureInfo.InvariantCulture),
    };

    private static string Range(double least, double most)
    {
        var format = most < 0.02 ? "0.00" : "0.0";
        return $"{(least * 100).ToString(format, CultureInfo.InvariantCulture)} – {(most * 100).ToString(format, CultureInfo.InvariantCulture)} %";
    }
}
