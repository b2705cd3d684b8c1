using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/maintenance.md.</summary>
internal static class SnippetsMaintenance
{
    internal static void Share(IServiceCollection services, IConfiguration configuration)
    {
        var inventory = configuration.GetSection("LoadBalancing:inventory");
        foreach (var name in new[] { "stock", "prices", "search" })
        {
            services.AddHttpClient(name, http => http.BaseAddress = new Uri("http://inventory")).AddLoadBalancing(inventory);
        }
    }

    internal static void FailReadinessFirst(WebApplication app, Readiness readiness)
    {
        app.MapHealthChecks("/healthz");
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            readiness.IsReady = false;
            Thread.Sleep(TimeSpan.FromSeconds(15));
        });
    }

    internal static async Task DrainAsync(IClusterRegistry registry, Uri address, CancellationToken cancellationToken)
    {
        foreach (var cluster in registry.Clusters.Where(cluster => cluster.ServiceName == "inventory"))
        {
            if (cluster.TryDrain(address))
            {
                await cluster.Endpoints.Single(endpoint => endpoint.Address == address).WaitUntilIdleAsync(cancellationToken);
            }
        }
    }

    internal sealed class Readiness
    {
        internal bool IsReady { get; set; } = true;
    }
}
