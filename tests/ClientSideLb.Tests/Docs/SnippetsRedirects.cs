using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/redirects.md.</summary>
internal static class SnippetsRedirects
{
    internal static void NotFollowed(IServiceCollection services)
    {
        services.AddHttpClient("api")
            .UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = false)
            .AddLoadBalancing();
    }

    internal static async Task EndAsync(HttpClient http)
    {
        using var response = await http.GetAsync("moved");
        Console.WriteLine(response.RequestMessage!.RequestUri);
        Console.WriteLine(response.RequestMessage.GetEndpoint()?.Address);
    }

    internal static void CookieAsKey(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.ConsistentHash;
            options.HashKey = "cookie:session";
        });
    }
}
