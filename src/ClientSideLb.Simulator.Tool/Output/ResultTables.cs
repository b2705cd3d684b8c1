using System.Globalization;
using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes the results to a console, as tables.</summary>
internal static class ResultTables
{
    internal static void Write(IAnsiConsole console, ScenarioResult result)
    {
        if (result.Runs.Count > 0)
        {
            WriteRuns(console, result.Runs);
            WriteZones(console, result.Runs);
        }

        if (result.KeyMoves.Count > 0)
        {
            WriteKeyMoves(console, result.KeyMoves);
        }
    }

    private static void WriteRuns(IAnsiConsole console, IReadOnlyList<RunResult> runs)
    {
        // What callers get stands first, and then where it comes from. Columns that would be empty for every run are left out.
        var columns = new List<(string Title, Func<RunResult, string> Value)>
        {
            ("requests", static run => FormatCount(run.Requests)),
            ("errors", static run => FormatPercent(run.ErrorRate)),
        };
        AddIf(runs.Any(static run => run.AttemptsAtFailing > 0), "at failing", static run => FormatCount(run.AttemptsAtFailing));
        AddIf(runs.Any(static run => run.Rejected > 0), "rejected", static run => FormatCount(run.Rejected));
        AddIf(runs.Any(static run => run.Moved > 0), "moved", static run => FormatCount(run.Moved));
        AddIf(runs.Any(static run => run.AwayFromOwner > 0), "away", static run => FormatPercent((double)run.AwayFromOwner / Math.Max(1, run.Requests)));
        columns.AddRange(
        [
            ("p50 ms", static run => FormatMilliseconds(run.Latency.Quantile(0.5))),
            ("p90", static run => FormatMilliseconds(run.Latency.Quantile(0.9))),
            ("p99", static run => FormatMilliseconds(run.Latency.Quantile(0.99))),
            ("p99.9", static run => FormatMilliseconds(run.Latency.Quantile(0.999))),
            ("share", static run => FormatRange(run.Backends.Min(static backend => backend.Share), run.Backends.Max(static backend => backend.Share))),
            ("max ÷ mean", static run => run.Imbalance.ToString("0.00", CultureInfo.InvariantCulture)),
            ("peak in flight", static run => FormatCount(run.PeakInFlight)),
        ]);
        AddIf(runs.Any(static run => run.TimeToDetect is not null), "to detect", static run => FormatTime(run.TimeToDetect));
        AddIf(runs.Any(static run => run.TimeToReturn is not null), "to return", static run => FormatTime(run.TimeToReturn));
        AddIf(runs.Any(static run => run.HasSubsets), "connections", static run => FormatCount(run.Connections));
        columns.Add(("keys moved", static run => FormatPercent(run.KeysMoved)));
        WriteTables(console, "run", runs, static run => run.Label, columns);

        void AddIf(bool hasValues, string title, Func<RunResult, string> value)
        {
            if (hasValues)
            {
                columns.Add((title, value));
            }
        }
    }

    // What clients get differs most between zones while backends fail. So if any fail, only that time is shown.
    private static void WriteZones(IAnsiConsole console, IReadOnlyList<RunResult> runs)
    {
        var zones = runs.SelectMany(static run => run.Zones.Select(zone => (Run: run, Zone: zone))).ToArray();
        if (zones.Length == 0)
        {
            return;
        }

        var isFailing = Array.Exists(zones, static zone => zone.Zone.ClientsWhileFailing is not null);
        WriteTables(
            console,
            isFailing ? "zone, while backends fail" : "zone",
            zones,
            static row => $"{row.Run.Label}, {row.Zone.Zone}",
            [
                ("requests", row => FormatCount(GetClients(row.Zone).Requests)),
                ("errors", row => FormatPercent(GetClients(row.Zone).ErrorRate)),
                ("p50 ms", row => FormatLatency(GetClients(row.Zone).Latency, 0.5)),
                ("p99", row => FormatLatency(GetClients(row.Zone).Latency, 0.99)),
                ("to other zones", row => FormatPercent(GetClients(row.Zone).CrossZoneShare)),
                ("each backend gets", row => FormatRate(isFailing ? row.Zone.BackendRateWhileFailing ?? 0 : row.Zone.BackendRate)),
            ]);

        TrafficResult GetClients(ZoneResult zone) => isFailing ? zone.ClientsWhileFailing ?? zone.Clients : zone.Clients;
    }

    private static void WriteKeyMoves(IAnsiConsole console, IReadOnlyList<KeyMoveResult> moves) => WriteTables(
        console,
        "keys are mapped by",
        moves,
        static move => move.Label,
        [
            ("backends", static move => string.Create(CultureInfo.InvariantCulture, $"{move.From} → {move.To}")),
            ("keys moved", static move => FormatPercent(move.Moved)),
            ("necessarily", static move => FormatPercent(move.Necessary)),
            ("needlessly", static move => FormatPercent(move.MovedBetweenOthers)),
            ("max ÷ mean", static move => move.Imbalance.ToString("0.00", CultureInfo.InvariantCulture)),
            ("deviation", static move => FormatPercent(move.Deviation)),
        ]);

    // Columns that do not fit into the console's width go to a further table, because numbers that are broken over lines cannot be read.
    private static void WriteTables<T>(
        IAnsiConsole console, string title, IReadOnlyList<T> rows, Func<T, string> label, IReadOnlyList<(string Title, Func<T, string> Value)> columns)
    {
        // A column has a line and two blanks beside it. The first one has no line, but with the edges of the table it has four blanks.
        const int Gap = 3;
        const int Margin = 4;

        var labels = rows.Select(label).ToArray();
        var labelWidth = GetWidth(title, labels);
        var table = CreateTable();
        var width = Margin + labelWidth;
        var used = new List<string[]>();
        foreach (var column in columns)
        {
            string[] cells = [.. rows.Select(column.Value)];
            var columnWidth = Gap + GetWidth(column.Title, cells);
            if (used.Count > 0 && width + columnWidth > console.Profile.Width)
            {
                WriteTable();
                table = CreateTable();
                width = Margin + labelWidth;
                used.Clear();
            }

            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
            width += columnWidth;
            used.Add(cells);
        }

        WriteTable();

        Table CreateTable() => new Table().Border(TableBorder.Minimal).AddColumn(new TableColumn(title).NoWrap());

        void WriteTable()
        {
            for (var row = 0; row < labels.Length; row++)
            {
                table.AddRow([Markup.Escape(labels[row]), .. used.Select(cells => Markup.Escape(cells[row]))]);
            }

            console.Write(table);
        }
    }

    private static int GetWidth(string title, IEnumerable<string> cells) => cells.Append(title).Max(static cell => cell.Length);

    private static string FormatCount(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string FormatMilliseconds(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 10 => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture),
        _ => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
    };

    private static string FormatLatency(LatencyDistribution latency, double quantile) =>
        latency.Count == 0 ? "–" : FormatMilliseconds(latency.Quantile(quantile));

    private static string FormatRate(double rate) => rate.ToString("0.0 /s", CultureInfo.InvariantCulture);

    private static string FormatTime(TimeSpan? time) => time is { } known ? Duration.Format(known) : "–";

    private static string FormatPercent(double part) => part switch
    {
        0 => "0 %",
        < 0.0001 => "< 0.01 %",
        < 0.1 => part.ToString("0.00 %", CultureInfo.InvariantCulture),
        _ => part.ToString("0.0 %", CultureInfo.InvariantCulture),
    };

    private static string FormatRange(double least, double most)
    {
        var format = most < 0.02 ? "0.00" : "0.0";
        return $"{(least * 100).ToString(format, CultureInfo.InvariantCulture)} – {(most * 100).ToString(format, CultureInfo.InvariantCulture)} %";
    }
}
