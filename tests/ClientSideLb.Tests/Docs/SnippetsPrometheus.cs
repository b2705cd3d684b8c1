using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/prometheus.md.</summary>
internal static class SnippetsPrometheus
{
    internal static void Wire(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("shop-api"))
            .WithMetrics(metrics => metrics
                .AddMeter("ClientSideLb")
                .AddPrometheusExporter());

        var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
    }
}
