using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/clients.md.</summary>
internal static class SnippetsClients
{
    internal static async Task NamedAsync(IServiceCollection services, IHttpClientFactory factory)
    {
        services.AddHttpClient("orders").AddLoadBalancing();

        var http = factory.CreateClient("orders");
        Console.WriteLine(await http.GetStringAsync("orders/7"));
    }

    internal static void Typed(IServiceCollection services)
    {
        services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri("https+http://orders")).AddLoadBalancing();
    }

    internal static void TypedWithName(IServiceCollection services)
    {
        services.AddHttpClient<OrdersClient>("orders").AddLoadBalancing();
    }

    internal static void Keyed(IServiceCollection services)
    {
        services.AddHttpClient("orders").AddAsKeyed().AddLoadBalancing();
    }

    internal static void RefitClient(IServiceCollection services)
    {
        services.AddRefitGeneratedClient<IOrdersApi>()
            .ConfigureHttpClient(http => http.BaseAddress = new Uri("https+http://orders"))
            .AddLoadBalancing();
    }

    internal static void Defaults(IServiceCollection services)
    {
        services.ConfigureHttpClientDefaults(http => http.AddLoadBalancing());
    }

    internal static void DefaultsAndOne(IServiceCollection services, IConfiguration configuration)
    {
        services.ConfigureHttpClientDefaults(http => http.AddLoadBalancing(configuration.GetSection("LoadBalancing:Default")));
        services.AddHttpClient("orders").AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.PeakEwma);
    }

    internal static void SeveralForOneService(IServiceCollection services)
    {
        services.AddHttpClient("orders", http => http.BaseAddress = new Uri("https+http://orders"))
            .AddLoadBalancing();
        services.AddHttpClient("orders-reports", http => http.BaseAddress = new Uri("https+http://orders"))
            .AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.LeastConnections);
    }

    internal static async Task HandlerAsync(IHttpMessageHandlerFactory factory)
    {
        using var invoker = new HttpMessageInvoker(factory.CreateHandler("orders"), disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https+http://orders/orders/7");
        using var response = await invoker.SendAsync(request, CancellationToken.None);
    }
}

public sealed record Order(int Id, string Product);

public sealed class OrdersClient(HttpClient http)
{
    public Task<Order?> FindAsync(int id) => http.GetFromJsonAsync<Order>($"orders/{id}");
}

public sealed class Checkout([FromKeyedServices("orders")] HttpClient orders)
{
    public Task<Order?> FindAsync(int id) => orders.GetFromJsonAsync<Order>($"orders/{id}");
}

public interface IOrdersApi
{
    [Get("/orders/{id}")]
    Task<Order> FindAsync(int id);
}
