using System.Text.RegularExpressions;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Tests.Shared;

namespace ClientSideLb.Dashboards.Tests.Alerts;

/// <summary>What docs/alerts.yaml says, without a running application.</summary>
public sealed partial class AlertRulesTests
{
    private static readonly string RulesFile = RepositoryFiles.PathOf("docs", "alerts.yaml");
    private static readonly string Page = File.ReadAllText(RepositoryFiles.PathOf("docs", "prometheus.md"));
    private static readonly string[] Rules = [.. File.ReadAllText(RulesFile).Split("      - alert: ").Skip(1)];

    public static TheoryData<string> Alerts => [.. Rules.Select(NameOf)];

    [Fact]
    public async Task Promtool_accepts_the_rules() => await PrometheusTools.RunAsync("check", "rules", RulesFile);

    [Fact]
    public async Task The_alerts_fire_after_the_time_that_they_name_and_not_before() =>
        await PrometheusTools.RunAsync("test", "rules", RepositoryFiles.PathOf("tests", "ClientSideLb.Dashboards.Tests", "Alerts", "alerts.test.yaml"));

    [Theory]
    [MemberData(nameof(Alerts))]
    public void An_alert_says_how_severe_it_is_and_what_to_do_and_where_to_read_on(string alert)
    {
        var rule = Rules.Single(rule => NameOf(rule) == alert);

        Assert.Matches(@"severity: (critical|warning|info)\n", rule);
        Assert.Matches(@"summary: '.*\{\{ \$labels\.clientsidelb_service \}\}.*'\n", rule);
        Assert.Matches(@"description: >-\n( {12}\S.*\n){2,}", rule);
        Assert.Contains("runbook_url: https://github.com/clientsidelb/clientsidelb/blob/main/docs/prometheus.md#alerts\n", rule, StringComparison.Ordinal);
        Assert.Contains("\n## Alerts\n", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_lists_every_alert_with_its_severity_and_time()
    {
        var told = Row().Matches(Page).Select(static row => $"{row.Groups["name"]} {row.Groups["severity"]} {row.Groups["time"].Value.Trim()}");

        Assert.Equal(Rules.Select(static rule => $"{NameOf(rule)} {Severity().Match(rule).Groups[1]} {Time().Match(rule).Groups[1]}".Trim()), told.Select(static row => row.Trim()));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_is_tried_in_the_fault_that_it_is_for(string alert)
    {
        var folder = RepositoryFiles.PathOf("tests", "ClientSideLb.Dashboards.Tests", "Alerts");
        var live = Directory.GetFiles(folder, "*.cs").SelectMany(static file => Fires().Matches(File.ReadAllText(file))).Select(static match => match.Groups[1].Value);

        Assert.Contains(live, expected => expected.Contains($"\"{alert}\"", StringComparison.Ordinal));
        Assert.Contains($"alertname=\"{alert}\",alertstate=\"firing\"", File.ReadAllText(Path.Combine(folder, "alerts.test.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Minutes_become_seconds_and_nothing_else_changes() => Assert.Equal(
        "expr: rate(a_5m[5s]) > 1 and b[15s]\nfor: 2s\nsummary: '5m'\n",
        ShortTime.Shorten("expr: rate(a_5m[5m]) > 1 and b[15m]\nfor: 2m\nsummary: '5m'\n"));

    private static string NameOf(string rule) => rule[..rule.IndexOf('\n', StringComparison.Ordinal)];

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<severity>\w+) \|(?<time>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"severity: (\w+)")]
    private static partial Regex Severity();

    [GeneratedRegex(@"for: (\w+)")]
    private static partial Regex Time();

    [GeneratedRegex(@"FiresAsync\(\s*\[([^\]]+)\]")]
    private static partial Regex Fires();
}
