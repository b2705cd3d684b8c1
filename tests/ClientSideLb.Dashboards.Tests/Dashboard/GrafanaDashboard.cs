using System.Text.Json;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dashboards.Tests.Dashboard;

/// <summary>What docs/grafana-dashboard.json holds.</summary>
internal static class GrafanaDashboard
{
    internal static JsonElement Json { get; } =
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(RepositoryFiles.PathOf("docs", "grafana-dashboard.json")));

    internal static IReadOnlyList<Panel> Panels { get; } = [.. Json.GetProperty("panels").EnumerateArray().Select(static panel => new Panel(panel))];

    internal static IEnumerable<JsonElement> Variables => Json.GetProperty("templating").GetProperty("list").EnumerateArray();
}
