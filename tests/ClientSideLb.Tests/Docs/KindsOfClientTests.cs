using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace ClientSideLb.Tests.Docs;

/// <summary>The kinds of clients in docs/clients.md reach the endpoints of their service.</summary>
public sealed class KindsOfClientTests : IAsyncDisposable
{
    private readonly ServiceProvider _services = Build();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Typed() => Assert.Equal("10.0.0.1", (await _services.GetRequiredService<OrdersClient>().FindAsync(7))!.Product);

    [Fact]
    public async Task Keyed() => Assert.Equal("10.0.0.1", (await _services.GetRequiredService<Checkout>().FindAsync(7))!.Product);

    [Fact]
    public async Task Refit() => Assert.Equal("10.0.0.1", (await _services.GetRequiredService<IOrdersApi>().FindAsync(7)).Product);

    [Fact]
    public void Each_is_a_client_of_the_same_service()
    {
        _ = _services.GetRequiredService<OrdersClient>();
        _ = _services.GetRequiredService<Checkout>();
        _ = _services.GetRequiredService<IOrdersApi>();

        Assert.Equal(["orders", "orders", "orders"], _services.GetRequiredService<IClusterRegistry>().Clusters.Select(static cluster => cluster.ServiceName));
    }

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(static http =>
            http.AddLoadBalancing(static options => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") })));
        SnippetsClients.Typed(services);
        SnippetsClients.Keyed(services);
        SnippetsClients.RefitClient(services);
        services.AddTransient<Checkout>();

        // Last, because Refit sets a primary handler of its own.
        services.ConfigureAll<HttpClientFactoryOptions>(static options =>
            options.HttpMessageHandlerBuilderActions.Add(static builder => builder.PrimaryHandler = new JsonBackend()));
        return services.BuildServiceProvider();
    }

    // The product of each order is the host of the endpoint.
    private sealed class JsonBackend : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("/orders/7", request.RequestUri!.AbsolutePath);
            return Task.FromResult(new HttpResponseMessage { Content = JsonContent.Create(new Order(7, request.RequestUri.Host)) });
        }
    }
}
