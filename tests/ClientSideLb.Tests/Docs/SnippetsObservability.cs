using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/observability.md.</summary>
internal static class SnippetsObservability
{
    internal static void Wire(IServiceCollection services) =>
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("ClientSideLb"))
            .WithTracing(tracing => tracing.AddSource("System.Net.Http"));

    internal static IDisposable Watch(IClusterRegistry registry, IProgress<int> available)
    {
        var cluster = registry.Clusters.Single(cluster => cluster.ClientName == "orders");
        var subscription = ChangeToken.OnChange(
            cluster.GetChangeToken,
            () => available.Report(cluster.Endpoints.Count(endpoint => endpoint.IsAvailable)));

        return subscription;
    }
}
