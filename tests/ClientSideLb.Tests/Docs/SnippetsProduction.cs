using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/production.md.</summary>
internal static class SnippetsProduction
{
    internal static void SetUp(WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient("orders", http => http.Timeout = TimeSpan.FromSeconds(10))
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.ConnectTimeout = TimeSpan.FromSeconds(2);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddLoadBalancing(builder.Configuration.GetSection("LoadBalancing:orders"));

        builder.Services.AddHealthChecks().AddLoadBalancing();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("ClientSideLb"));
    }
}
