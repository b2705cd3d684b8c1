using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClientSideLb.Dashboards.Tests.Prometheus;
using ClientSideLb.Dashboards.Tests.Shop;
using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Dashboards.Tests.Dashboard;

/// <summary>The queries of the dashboard, asked while everything happens that it shows.</summary>
[Collection(nameof(DiscoveringApp))]
public sealed partial class LiveDashboardTests(PrometheusServer prometheus)
{
    private const string Jobs = "busy|discovering";

    [Fact]
    public async Task Every_query_and_every_variable_of_the_dashboard_has_data()
    {
        // Two levels, limits with a queue, a replica that fails whenever it returns, and one whose probes fail.
        await using var shop = await ShopApi.StartAsync(prometheus, "busy", static options =>
        {
            options["Strategy"] = "PeakEwma";
            options["Endpoints"]![2]!["Priority"] = 1;
            options["OutlierDetection"] = new JsonObject { ["ConsecutiveFailures"] = 1, ["BaseEjectionTime"] = "00:00:01", ["MaxEjectionTime"] = "00:00:01" };
            options["Concurrency"] = new JsonObject { ["MaxInFlightPerEndpoint"] = 1, ["QueueLimit"] = 3 };
        });
        shop.Replicas[0].Status = StatusCodes.Status503ServiceUnavailable;
        shop.Replicas[2].ProbeStatus = StatusCodes.Status500InternalServerError;
        shop.Replicas[1].Work = TimeSpan.FromSeconds(0.1);
        await using var app = await DiscoveringApp.StartAsync(prometheus, "discovering");
        app.MistypeName();
        app.BreakDiscovery();

        var missing = GrafanaDashboard.Panels.SelectMany(static panel => panel.Queries.Select(query => $"{panel.Title}: {query}"))
            .Concat(GrafanaDashboard.Variables.Skip(1).Select(static variable => $"variable: {ToQuery(variable.GetProperty("definition").GetString()!)}"))
            .ToList();
        Assert.NotEmpty(missing);
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (var query in missing.ToArray())
                {
                    var samples = await prometheus.QueryAsync(Substitute(query[(query.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
                    if (samples.Any(static sample => double.IsFinite(sample.Value)))
                    {
                        missing.Remove(query);
                    }
                }

                return missing.Count == 0;
            },
            () => $"Data for{Environment.NewLine}{string.Join(Environment.NewLine, missing)}");
    }

    // As Grafana does when the variables have the value "All".
    private static string Substitute(string query) => query
        .Replace("$job", Jobs, StringComparison.Ordinal)
        .Replace("$client", ".*", StringComparison.Ordinal)
        .Replace("$service", ".*", StringComparison.Ordinal)
        .Replace("$__rate_interval", ShortTime.RateInterval, StringComparison.Ordinal);

    private static string ToQuery(string variable)
    {
        var match = LabelValues().Match(variable);
        Assert.True(match.Success, variable);
        return $"group by ({match.Groups["label"]}) ({match.Groups["series"]})";
    }

    [GeneratedRegex(@"^label_values\((?<series>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
