using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/priorities-and-zones.md and docs/subsets.md.</summary>
internal static class SnippetsLevels
{
    internal static void Priorities(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://near-1.example") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://near-2.example") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://far-1.example"), Priority = 1 });
        });
    }

    internal static void CheapFirst(IServiceCollection services)
    {
        services.AddHttpClient("model").AddLoadBalancing(options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://reserved.example") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("https://by-use.example"), Priority = 1 });
            options.Failover.MoveRejected = true;
        });
    }

    internal static void Zones(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.Zone = Environment.GetEnvironmentVariable("ZONE");
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.1.0.1:8080"), Zone = "eu-1a" });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.2.0.1:8080"), Zone = "eu-1b" });
        });
    }

    internal static void Subset(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddLoadBalancing(options =>
        {
            options.Subset.Size = 20;
            options.Subset.ClientId = Environment.GetEnvironmentVariable("POD_NAME");
        });
    }
}
