using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClientSideLb.Simulator.Tool;

/// <summary>The results as JSON, with the data needed to repeat them. Times are in seconds.</summary>
internal static class ResultJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    internal static string Of(ScenarioReport report)
    {
        var result = report.Result;
        var root = CreateSetup(report);
        if (result.Runs.Count > 0)
        {
            root["runs"] = new JsonArray([.. result.Runs.Select(CreateRun)]);
        }

        if (result.KeyMoves.Count > 0)
        {
            root["keyMoves"] = new JsonArray([.. result.KeyMoves.Select(CreateKeyMove)]);
        }

        return root.ToJsonString(Indented) + "\n";
    }

    // Values that a scenario does not have are left out.
    private static JsonObject CreateSetup(ScenarioReport report)
    {
        var setup = report.Setup;
        var json = new JsonObject
        {
            ["scenario"] = report.Result.Name,
            ["description"] = report.Summary,
            ["version"] = ToolVersion.Full,
            ["command"] = setup.Command,
            ["file"] = setup.File,
            ["strategy"] = setup.Strategy,
            ["backends"] = setup.Backends,
            ["clients"] = setup.Clients,
            ["load"] = setup.Load,
            ["arrivals"] = setup.Arrivals,
            ["fault"] = setup.Fault?.ToString().ToLowerInvariant(),
            ["duration"] = setup.Duration?.TotalSeconds,
            ["warmUp"] = setup.WarmUp?.TotalSeconds,
            ["seed"] = setup.Seed,
        };
        foreach (var (name, _) in json.Where(static property => property.Value is null).ToArray())
        {
            json.Remove(name);
        }

        return json;
    }

    private static JsonObject CreateRun(RunResult run)
    {
        var json = CreateWhole(run);
        if (run.Zones.Count > 0)
        {
            json["zones"] = new JsonArray([.. run.Zones.Select(CreateZone)]);
        }

        return json;
    }

    private static JsonObject CreateWhole(RunResult run) => new()
    {
        ["label"] = run.Label,
        ["strategy"] = run.Strategy,
        ["measured"] = run.Measured.TotalSeconds,
        ["requests"] = run.Requests,
        ["failures"] = new JsonObject(run.FailuresByKind.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["moved"] = run.Moved,
        ["attemptsAtFailing"] = run.AttemptsAtFailing,
        ["rejected"] = run.Rejected,
        ["awayFromOwner"] = run.AwayFromOwner,
        ["latency"] = CreateLatency(run.Latency),
        ["imbalance"] = run.Imbalance,
        ["peakInFlight"] = run.PeakInFlight,
        ["meanInFlight"] = run.MeanInFlight,
        ["meanTimeInSystem"] = run.MeanTimeInSystem.TotalSeconds,
        ["timeToDetect"] = run.TimeToDetect?.TotalSeconds,
        ["timeToReturn"] = run.TimeToReturn?.TotalSeconds,
        ["keysMoved"] = run.KeysMoved,
        ["connections"] = run.Connections,
        ["backends"] = new JsonArray([.. run.Backends.Select(static backend => new JsonObject
        {
            ["index"] = backend.Index,
            ["attempts"] = backend.Attempts,
            ["share"] = backend.Share,
            ["peakInFlight"] = backend.PeakInFlight,
        })]),
        ["timeline"] = CreateTimeline(run.Timeline),
    };

    private static JsonObject CreateZone(ZoneResult zone) => new()
    {
        ["zone"] = zone.Zone,
        ["clients"] = CreateTraffic(zone.Clients),
        ["clientsWhileFailing"] = zone.ClientsWhileFailing is { } traffic ? CreateTraffic(traffic) : null,
        ["backendRate"] = zone.BackendRate,
        ["backendRateWhileFailing"] = zone.BackendRateWhileFailing,
        ["timeline"] = CreateTimeline(zone.Timeline),
    };

    private static JsonObject CreateTraffic(TrafficResult traffic) => new()
    {
        ["requests"] = traffic.Requests,
        ["failures"] = traffic.Failures,
        ["attempts"] = traffic.Attempts,
        ["crossZone"] = traffic.CrossZone,
        ["latency"] = CreateLatency(traffic.Latency),
    };

    private static JsonObject CreateLatency(LatencyDistribution latency) => new()
    {
        ["mean"] = latency.Mean.TotalSeconds,
        ["p50"] = latency.Quantile(0.5).TotalSeconds,
        ["p90"] = latency.Quantile(0.9).TotalSeconds,
        ["p99"] = latency.Quantile(0.99).TotalSeconds,
        ["p99.9"] = latency.Quantile(0.999).TotalSeconds,
        ["max"] = latency.Max.TotalSeconds,
    };

    private static JsonArray CreateTimeline(IReadOnlyList<TimelineSlice> slices) => new([.. slices.Select(static slice => new JsonObject
    {
        ["at"] = slice.At.TotalSeconds,
        ["requests"] = slice.Requests,
        ["failures"] = slice.Failures,
        ["p50"] = slice.Median.TotalSeconds,
        ["p99"] = slice.Percentile99.TotalSeconds,
        ["attempts"] = new JsonArray([.. slice.Attempts.Select(static count => (JsonNode)count)]),
    })]);

    private static JsonObject CreateKeyMove(KeyMoveResult move) => new()
    {
        ["mapping"] = move.Label,
        ["from"] = move.From,
        ["to"] = move.To,
        ["keys"] = move.Keys,
        ["moved"] = move.Moved,
        ["necessary"] = move.Necessary,
        ["movedBetweenOthers"] = move.MovedBetweenOthers,
        ["imbalance"] = move.Imbalance,
        ["deviation"] = move.Deviation,
    };
}
