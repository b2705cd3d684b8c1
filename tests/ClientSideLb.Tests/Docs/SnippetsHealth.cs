using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/health-and-failover.md.</summary>
internal static class SnippetsHealth
{
    internal static void ActiveChecks(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.ActiveHealthCheck.Enabled = true;
            options.ActiveHealthCheck.Path = "/healthz";
            options.SlowStart = TimeSpan.FromSeconds(30);
        });
    }

    internal static void Rejected(IServiceCollection services)
    {
        services.AddHttpClient("model").AddLoadBalancing(options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://east.example") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://west.example") });
            options.Failover.MoveRejected = true;
        });
    }
}
