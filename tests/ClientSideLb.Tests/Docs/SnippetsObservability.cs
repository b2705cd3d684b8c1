using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/observability.md.</summary>
internal static class SnippetsObservability
{
    internal static void Wire(IServiceCollection services) =>
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("ClientSideLb"))
            .WithTracing(tracing => tracing.AddSource("System.Net.Http"));
}
