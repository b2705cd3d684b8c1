using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.PublicApi.Tests.Docs;

public static class OrdersSetup
{
    public static IServiceCollection AddOrders(this IServiceCollection services)
    {
        services.AddHttpClient<OrdersClient>("orders").AddLoadBalancing(options =>
        {
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") });
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2") });
        });
        return services;
    }
}
