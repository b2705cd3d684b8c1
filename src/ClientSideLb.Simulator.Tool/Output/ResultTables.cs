using System.Globalization;
using Spectre.Console;

namespace ClientSideLb.Simulator.Tool;

/// <summary>Writes the results to a console, as tables.</summary>
internal static class ResultTables
{
    /// <returns>The names of the columns that were left out, in one line, or <see langword="null"/> if none was.</returns>
    internal static string? Write(IAnsiConsole console, ScenarioResult result)
    {
        var leftOut = new LeftOutColumns();
        if (result.Runs.Count > 0)
        {
            WriteRuns(console, result.Runs, leftOut);
            WriteZones(console, result.Runs, leftOut);
        }

        if (result.KeyMoves.Count > 0)
        {
            WriteKeyMoves(console, result.KeyMoves, leftOut);
        }

        return leftOut.ToString();
    }

    // The results that callers see stand first, and then their causes.
    private static void WriteRuns(IAnsiConsole console, IReadOnlyList<RunResult> runs, LeftOutColumns leftOut)
    {
        var isSingle = runs.All(static run => run.Backends.Count == 1);
        List<Column<RunResult>> columns =
        [
            new("requests", static run => TableFormats.FormatCount(run.Requests)),
            new("errors", static run => TableFormats.FormatPercent(run.ErrorRate)),
            new("at failing", static run => TableFormats.FormatCount(run.AttemptsAtFailing)),
            new("rejected", static run => TableFormats.FormatCount(run.Rejected)),
            new("moved", static run => TableFormats.FormatCount(run.Moved)),
            new("away", static run => TableFormats.FormatPercent((double)run.AwayFromOwner / Math.Max(1, run.Requests))),
            new("p50 ms", static run => TableFormats.FormatQuantile(run.Latency, 0.5)),
            new("p90", static run => TableFormats.FormatQuantile(run.Latency, 0.9)),
            new("p99", static run => TableFormats.FormatQuantile(run.Latency, 0.99)),
            new("p99.9", static run => TableFormats.FormatQuantile(run.Latency, 0.999)),
            new("share", static run => TableFormats.FormatRange(run.Backends.Min(static backend => backend.Share), run.Backends.Max(static backend => backend.Share)), isSingle ? TableFormats.FormatRange(1, 1) : null),
            new("max ÷ mean", static run => TableFormats.FormatRatio(run.Imbalance), isSingle ? TableFormats.FormatRatio(1) : null),
            new("peak in flight", static run => TableFormats.FormatCount(run.PeakInFlight)),
            new("to detect", static run => TableFormats.FormatTime(run.TimeToDetect)),
            new("to return", static run => TableFormats.FormatTime(run.TimeToReturn)),
        ];

        // Without subsets, connections say no more than how long the run was.
        if (runs.Any(static run => run.HasSubsets))
        {
            columns.Add(new("connections", static run => TableFormats.FormatCount(run.Connections)));
        }

        // If every key moves, no strategy looks at keys.
        columns.Add(new("keys moved", static run => TableFormats.FormatPercent(run.KeysMoved), TableFormats.FormatPercent(1)));
        FoldedTable.Write(console, "run", runs, static run => run.Label, leftOut.Filter(runs, columns));
    }

    // The results of clients differ most between zones while backends fail. So if any fail, only that time is shown.
    private static void WriteZones(IAnsiConsole console, IReadOnlyList<RunResult> runs, LeftOutColumns leftOut)
    {
        var zones = runs.SelectMany(static run => run.Zones.Select(zone => (Run: run, Zone: zone))).ToArray();
        if (zones.Length == 0)
        {
            return;
        }

        var isFailing = Array.Exists(zones, static zone => zone.Zone.ClientsWhileFailing is not null);
        FoldedTable.Write(
            console,
            isFailing ? "zone, while backends fail" : "zone",
            zones,
            static row => $"{row.Run.Label}, {row.Zone.Zone}",
            leftOut.Filter<(RunResult Run, ZoneResult Zone)>(zones,
            [
                new("requests", row => TableFormats.FormatCount(GetClients(row.Zone).Requests)),
                new("errors", row => TableFormats.FormatPercent(GetClients(row.Zone).ErrorRate)),
                new("p50 ms", row => TableFormats.FormatQuantile(GetClients(row.Zone).Latency, 0.5)),
                new("p99", row => TableFormats.FormatQuantile(GetClients(row.Zone).Latency, 0.99)),
                new("to other zones", row => TableFormats.FormatPercent(GetClients(row.Zone).CrossZoneShare)),
                new("each backend gets", row => TableFormats.FormatRate(isFailing ? row.Zone.BackendRateWhileFailing ?? 0 : row.Zone.BackendRate)),
            ]));

        TrafficResult GetClients(ZoneResult zone) => isFailing ? zone.ClientsWhileFailing ?? zone.Clients : zone.Clients;
    }

    private static void WriteKeyMoves(IAnsiConsole console, IReadOnlyList<KeyMoveResult> moves, LeftOutColumns leftOut) => FoldedTable.Write(
        console,
        "keys are mapped by",
        moves,
        static move => move.Label,
        leftOut.Filter(moves,
        [
            new("backends", static move => string.Create(CultureInfo.InvariantCulture, $"{move.From} → {move.To}")),
            new("keys moved", static move => TableFormats.FormatPercent(move.Moved)),
            new("necessarily", static move => TableFormats.FormatPercent(move.Necessary)),
            new("needlessly", static move => TableFormats.FormatPercent(move.MovedBetweenOthers)),
            new("max ÷ mean", static move => TableFormats.FormatRatio(move.Imbalance)),
            new("deviation", static move => TableFormats.FormatPercent(move.Deviation)),
        ]));
}
