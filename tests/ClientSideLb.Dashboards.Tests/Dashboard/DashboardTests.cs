using System.Text.Json;
using System.Text.RegularExpressions;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dashboards.Tests.Dashboard;

/// <summary>docs/grafana-dashboard.json is as Grafana reads it, and complete.</summary>
public sealed partial class DashboardTests
{
    private const int Columns = 24;

    public static TheoryData<string> PanelTitles => [.. GrafanaDashboard.Panels.Where(static panel => !panel.IsRow).Select(static panel => panel.Title)];

    [Fact]
    public void The_dashboard_has_an_id_a_title_and_the_version_of_its_schema()
    {
        Assert.Equal("clientsidelb", GrafanaDashboard.Json.GetProperty("uid").GetString());
        Assert.Equal("Client-side load balancing", GrafanaDashboard.Json.GetProperty("title").GetString());
        Assert.Equal(39, GrafanaDashboard.Json.GetProperty("schemaVersion").GetInt32());
        Assert.False(GrafanaDashboard.Json.TryGetProperty("id", out _), "An id is that of one Grafana, and must not be in a file that others import.");
    }

    [Fact]
    public void The_data_source_the_application_the_client_and_the_service_can_be_chosen()
    {
        Assert.Equal(["datasource", "job", "client", "service"], GrafanaDashboard.Variables.Select(static variable => variable.GetProperty("name").GetString()));
        Assert.Equal(["datasource", "query", "query", "query"], GrafanaDashboard.Variables.Select(static variable => variable.GetProperty("type").GetString()));
        Assert.All(GrafanaDashboard.Variables.Skip(1), static variable =>
        {
            Assert.True(variable.GetProperty("includeAll").GetBoolean());
            Assert.True(variable.GetProperty("multi").GetBoolean());
            Assert.Equal(".*", variable.GetProperty("allValue").GetString());
            Assert.Equal("${datasource}", variable.GetProperty("datasource").GetProperty("uid").GetString());
        });
    }

    [Fact]
    public void The_panels_are_in_rows()
    {
        var rows = GrafanaDashboard.Panels.Where(static panel => panel.IsRow).ToList();

        Assert.Equal(["Overview", "Requests", "Endpoints", "Latency", "Limits and queue", "Discovery and probes"], rows.Select(static row => row.Title));
        Assert.True(GrafanaDashboard.Panels[0].IsRow);
        Assert.All(rows, static row => Assert.Equal((0, Columns, 1), (row.X, row.Width, row.Height)));
        Assert.Equal(GrafanaDashboard.Panels.OrderBy(static panel => panel.Y).ThenBy(static panel => panel.X), GrafanaDashboard.Panels);
    }

    [Fact]
    public void No_two_panels_have_the_same_id_title_or_place()
    {
        var panels = GrafanaDashboard.Panels;

        Assert.Distinct(panels.Select(static panel => panel.Id));
        Assert.Distinct(panels.Select(static panel => panel.Title));
        Assert.All(panels, static panel => Assert.InRange(panel.X + panel.Width, 1, Columns));
        Assert.Empty(
            from one in panels
            from other in panels
            where one.Id < other.Id && one.Overlaps(other)
            select $"{one.Title} lies over {other.Title}");
    }

    [Theory]
    [MemberData(nameof(PanelTitles))]
    public void A_panel_says_what_it_shows_in_which_unit_and_from_where(string title)
    {
        var panel = GrafanaDashboard.Panels.Single(panel => panel.Title == title);

        Assert.Matches(@"^[A-Z].{20,}\.$", panel.Json.GetProperty("description").GetString());
        Assert.NotEmpty(panel.Defaults.GetProperty("unit").GetString()!);
        Assert.NotEmpty(panel.Defaults.GetProperty("thresholds").GetProperty("steps").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, panel.Defaults.GetProperty("thresholds").GetProperty("steps")[0].GetProperty("value").ValueKind);
        Assert.NotEmpty(panel.Targets);
        Assert.Distinct(panel.Targets.Select(static target => target.GetProperty("refId").GetString()));
        Assert.All(panel.Targets.Append(panel.Json), static holder => Assert.Equal(
            ("prometheus", "${datasource}"),
            (holder.GetProperty("datasource").GetProperty("type").GetString(), holder.GetProperty("datasource").GetProperty("uid").GetString())));
        Assert.All(panel.Targets, static target => Assert.NotEmpty(target.GetProperty("legendFormat").GetString()!));
        Assert.All(panel.Queries, static query =>
        {
            foreach (Match selector in Selector().Matches(query))
            {
                Assert.Contains("job=~\"$job\",clientsidelb_client=~\"$client\"", selector.Value, StringComparison.Ordinal);
            }

            Assert.DoesNotMatch(@"\[\d", query);
        });
    }

    [Fact]
    public void Every_instrument_has_a_panel_and_no_query_asks_for_another_one()
    {
        var asked = GrafanaDashboard.Panels.SelectMany(static panel => panel.Queries).SelectMany(FindMetrics).ToHashSet();

        Assert.Equal(ExportedNames.Metrics.Select(static metric => metric.Name).Order(), asked.Order());
    }

    [Fact]
    public void No_alert_asks_for_a_metric_that_there_is_not() => Assert.Subset(
        ExportedNames.Metrics.Select(static metric => metric.Name).ToHashSet(),
        FindMetrics(File.ReadAllText(RepositoryFiles.PathOf("docs", "alerts.yaml"))).ToHashSet());

    // A name before a selector, a range or a closing bracket is that of a series. Others are labels.
    private static IEnumerable<string> FindMetrics(string text) => Series().Matches(text).Select(static match => match.Value)
        .Where(static name => !Labels.Contains(name))
        .Select(static name => ExportedNames.Metrics.Where(static metric => metric.IsHistogram)
            .Select(static metric => metric.Name)
            .FirstOrDefault(histogram => name == $"{histogram}_bucket" || name == $"{histogram}_count", name));

    private static readonly HashSet<string> Labels =
    [
        "clientsidelb_client", "clientsidelb_service", "clientsidelb_endpoint", "clientsidelb_zone", "clientsidelb_priority", "clientsidelb_local",
        "clientsidelb_outcome", "clientsidelb_failover_kind", "clientsidelb_ejection_reason", "clientsidelb_health",
    ];

    [GeneratedRegex(@"clientsidelb_\w+\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"clientsidelb_\w+")]
    private static partial Regex Series();
}
