using System.Globalization;
using System.Text;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The results as tables in CSV (RFC 4180), with times in seconds.</summary>
internal static class CsvTables
{
    internal static IEnumerable<(string Name, string Text)> Of(ScenarioResult result)
    {
        if (result.Runs.Count > 0)
        {
            yield return ("runs.csv", FormatTable(
                ["run", "strategy", "requests", "failures", "moved", "mean", "p50", "p90", "p99", "p99.9", "max", "imbalance", "peak_in_flight", "mean_in_flight", "time_to_detect", "time_to_return", "keys_moved", "attempts_at_failing", "rejected", "away_from_owner", "connections"],
                result.Runs.Select(static run => (object?[])
                [
                    run.Label, run.Strategy, run.Requests, run.Failures, run.Moved, run.Latency.Mean, run.Latency.Quantile(0.5), run.Latency.Quantile(0.9),
                    run.Latency.Quantile(0.99), run.Latency.Quantile(0.999), run.Latency.Max, run.Imbalance, run.PeakInFlight, run.MeanInFlight,
                    run.TimeToDetect, run.TimeToReturn, run.KeysMoved, run.AttemptsAtFailing, run.Rejected, run.AwayFromOwner, run.Connections,
                ])));
            yield return ("backends.csv", FormatTable(
                ["run", "backend", "attempts", "share", "peak_in_flight"],
                result.Runs.SelectMany(static run => run.Backends.Select(backend => (object?[])[run.Label, backend.Index, backend.Attempts, backend.Share, backend.PeakInFlight]))));
            yield return ("timeline.csv", FormatTable(
                ["run", "at", "requests", "failures", "p50", "p99"],
                result.Runs.SelectMany(static run => run.Timeline.Select(slice => (object?[])[run.Label, slice.At, slice.Requests, slice.Failures, slice.Median, slice.Percentile99]))));
            yield return ("latency.csv", FormatTable(
                ["run", "up_to", "requests"],
                result.Runs.SelectMany(static run => run.Latency.Buckets().Select(bucket => (object?[])[run.Label, bucket.Key, bucket.Value]))));
        }

        if (result.Runs.Any(static run => run.Zones.Count > 0))
        {
            yield return ("zones.csv", FormatTable(
                ["run", "zone", "time", "requests", "failures", "p50", "p99", "attempts", "cross_zone", "backend_rate"],
                result.Runs.SelectMany(static run => run.Zones.SelectMany(zone => FormatZone(run.Label, zone)))));
        }

        if (result.KeyMoves.Count > 0)
        {
            yield return ("keys.csv", FormatTable(
                ["mapping", "from", "to", "keys", "moved", "necessary", "moved_between_others", "imbalance", "deviation"],
                result.KeyMoves.Select(static move => (object?[])
                    [move.Label, move.From, move.To, move.Keys, move.Moved, move.Necessary, move.MovedBetweenOthers, move.Imbalance, move.Deviation])));
        }
    }

    private static IEnumerable<object?[]> FormatZone(string run, ZoneResult zone)
    {
        yield return Format("whole", zone.Clients, zone.BackendRate);
        if (zone.ClientsWhileFailing is { } failing)
        {
            yield return Format("while_failing", failing, zone.BackendRateWhileFailing);
        }

        object?[] Format(string time, TrafficResult clients, double? rate) =>
            [run, zone.Zone, time, clients.Requests, clients.Failures, clients.Latency.Quantile(0.5), clients.Latency.Quantile(0.99), clients.Attempts, clients.CrossZone, rate];
    }

    private static string FormatTable(string[] titles, IEnumerable<object?[]> rows)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', titles).Append("\r\n");
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(FormatField)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string FormatField(object? value) => value switch
    {
        null => "",
        TimeSpan time => time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture),
        string text when text.AsSpan().ContainsAny(",\"\r\n") => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
