using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of the pages in docs/strategies.</summary>
internal static class SnippetsStrategies
{
    internal static void PowerOfTwoChoices(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.PowerOfTwoChoices);
    }

    internal static void LeastConnections(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.LeastConnections);
    }

    internal static void RoundRobin(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.RoundRobin);
    }

    internal static void Random(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.Random);
    }

    internal static void WeightedRoundRobin(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.WeightedRoundRobin;
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1:8080"), Weight = 3 });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2:8080"), Weight = 1 });
        });
    }

    internal static void ConsistentHash(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.ConsistentHash;
            options.HashKey = "header:X-User-Id";
        });
    }

    internal static void BoundedLoad(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.ConsistentHash;
            options.ConsistentHash.LoadFactor = 1.25;
        });
    }

    internal static void Maglev(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.Maglev;
            options.HashKey = "query:tenant";
        });
    }

    internal static async Task KeyOfARequestAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "documents/42");
        request.SetHashKey("42");
        using var response = await http.SendAsync(request);
    }

    internal static void KeySelector(LoadBalancingOptions options)
    {
        options.HashKeySelector = request => request.RequestUri!.Segments.Last();
    }

    internal static void IpHash(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.IpHash);
    }

    internal static async Task AddressOfARequestAsync(HttpClient http, IPAddress address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "basket");
        request.SetClientIp(address);
        using var response = await http.SendAsync(request);
    }
}
