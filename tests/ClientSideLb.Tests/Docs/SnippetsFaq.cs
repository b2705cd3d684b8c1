using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/faq.md.</summary>
internal static class SnippetsFaq
{
    internal static void Look(IClusterRegistry registry)
    {
        foreach (var cluster in registry.Clusters)
        {
            Console.WriteLine($"{cluster.ClientName} -> {cluster.ServiceName}, {cluster.Strategy}, panic: {cluster.InPanic}");
            foreach (var endpoint in cluster.Endpoints)
            {
                Console.WriteLine($"  {endpoint.Address} {endpoint.Health} {endpoint.HealthReason} in flight: {endpoint.InFlight}");
            }
        }
    }

    internal static void HostHeader(IServiceCollection services)
    {
        services.AddHttpClient("shop", http => http.BaseAddress = new Uri("https://shop.example"))
            .AddLoadBalancing(options => options.HostHeader = HostHeaderMode.Service);
    }
}
