using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ClientSideLb.Tests;

/// <summary>The metrics and traces of an application that uses the OpenTelemetry SDK.</summary>
public sealed class OpenTelemetryTests
{
    private const string Client = "exported";

    [Fact]
    public async Task The_SDK_exports_the_metrics()
    {
        var exported = new List<Metric>();
        await using var lab = new TelemetryLab(
            2,
            register: services => services
                .AddOpenTelemetry()
                .WithMetrics(metrics => metrics.AddMeter("ClientSideLb").AddInMemoryExporter(exported)),
            client: Client);
        var provider = lab.Services.GetRequiredService<MeterProvider>();
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        await lab.GetAsync(4);
        Assert.True(provider.ForceFlush());

        // The SDK listens to the meters of all containers in the process, including those of other tests.
        var metrics = exported.Where(static metric => Points(metric).Count > 0).ToDictionary(static metric => metric.Name);
        Assert.Equal(4, Points(metrics["clientsidelb.requests"]).Sum(static point => point.GetSumLong()));
        Assert.Equal(8, Points(metrics["clientsidelb.attempt.duration"]).Sum(static point => point.GetHistogramCount()));
        Assert.Equal(4, Points(metrics["clientsidelb.failovers"]).Sum(static point => point.GetSumLong()));
        Assert.Equal(2, Points(metrics["clientsidelb.endpoint.available"]).Sum(static point => point.GetSumLong()));
        Assert.Equal("s", metrics["clientsidelb.attempt.duration"].Unit);
        Assert.Equal("{request}", metrics["clientsidelb.requests"].Unit);
        Assert.All(metrics.Values, static metric => Assert.Equal("ClientSideLb", metric.MeterName));
        Assert.All(metrics.Values, static metric => Assert.NotEmpty(metric.Description));
    }

    [Fact]
    public async Task The_SDK_exports_the_activity_with_its_tags_and_moves()
    {
        using var source = new ActivitySource("ClientSideLb.Tests.OpenTelemetry");
        var exported = new List<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddInMemoryExporter(exported).Build();
        await using var lab = new TelemetryLab(2);
        lab.AnswerAt(0, static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));

        using (source.StartActivity("GET /orders"))
        {
            await lab.GetAsync();
        }

        var activity = Assert.Single(exported);
        Assert.Equal(TelemetryLab.NameOf(1), activity.GetTagItem("clientsidelb.endpoint"));
        Assert.Equal("clientsidelb.failover", Assert.Single(activity.Events).Name);
    }

    private static List<MetricPoint> Points(Metric metric)
    {
        var points = new List<MetricPoint>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var tag in point.Tags)
            {
                if (tag is { Key: "clientsidelb.client", Value: Client })
                {
                    points.Add(point);
                }
            }
        }

        return points;
    }
}
