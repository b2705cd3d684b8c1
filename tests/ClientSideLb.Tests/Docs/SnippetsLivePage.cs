using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/live-page.md.</summary>
internal static class SnippetsLivePage
{
    internal static void Map(WebApplication app)
    {
        app.MapLoadBalancing("/load-balancing").RequireAuthorization();
    }

    internal static void MapWithChanges(WebApplicationBuilder builder)
    {
        builder.Services.AddAntiforgery();

        var app = builder.Build();
        app.MapLoadBalancing("/load-balancing", options => options.AllowChanges = true).RequireAuthorization("Operators");
    }

    internal static void HealthChecks(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddLoadBalancing();
    }

    internal static void ClientIp(WebApplicationBuilder builder)
    {
        builder.Services.AddLoadBalancingClientIp();
    }
}
