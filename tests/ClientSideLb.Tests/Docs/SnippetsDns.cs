using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/dns.md.</summary>
internal static class SnippetsDns
{
    internal static void Addresses(IServiceCollection services)
    {
        services.AddDnsDiscovery();
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://api.example")).AddLoadBalancing();
    }

    internal static void Service(IServiceCollection services)
    {
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://_http._tcp.api.example")).AddLoadBalancing(options =>
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin);
    }

    internal static void ShortNames(IServiceCollection services)
    {
        services.AddDnsDiscovery(options =>
        {
            options.Names["api"] = "_http._tcp.api.example";
            options.Suffix = "shop.svc.cluster.local";
        });
    }

    internal static void Kubernetes(IServiceCollection services)
    {
        services.AddHttpClient("api", http => http.BaseAddress = new Uri("http://_http._tcp.api.shop.svc.cluster.local")).AddLoadBalancing();
    }

    internal static void Consul(IServiceCollection services)
    {
        services.AddDnsDiscovery(options =>
        {
            options.Servers.Add("127.0.0.1:8600");
            options.Names["api"] = "_api._tcp.service.consul";
            options.Accepts = name => name == "api";
        });
    }

    internal static void Configured(IServiceCollection services, IConfiguration configuration)
    {
        services.AddDnsDiscovery(configuration.GetSection("Dns"));
    }
}
