using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/aspire.md.</summary>
internal static class SnippetsAspire
{
    internal static void Defaults(IServiceCollection services)
    {
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
    }

    internal static void OneClient(IServiceCollection services)
    {
        services.AddHttpClient("api").AddLoadBalancing();
        services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri("https+http://orders")).AddLoadBalancing();
    }

    internal static void AllClients(IServiceCollection services)
    {
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
            http.AddLoadBalancing();
        });
    }

    internal sealed class OrdersClient(HttpClient http)
    {
        internal HttpClient Http => http;
    }
}
