using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests.Docs;

/// <summary>The tests of docs/testing.md.</summary>
public sealed class TestingYourCodeTests
{
    [Fact]
    public async Task An_order_comes_from_a_backend()
    {
        var services = new ServiceCollection().AddOrders();
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(
            () => new StubBackends(request => new HttpResponseMessage { Content = new StringContent($"{request.RequestUri!.AbsolutePath} is tea") }));
        await using var provider = services.BuildServiceProvider();
        var orders = provider.GetRequiredService<OrdersClient>();

        Assert.Equal("/orders/7 is tea", await orders.FindAsync(7));
    }

    [Fact]
    public async Task An_order_is_found_while_a_backend_is_down()
    {
        var services = new ServiceCollection().AddOrders();
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => new StubBackends(request =>
            request.RequestUri!.Host == "10.0.0.1"
                ? throw new HttpRequestException(HttpRequestError.ConnectionError, inner: new SocketException((int)SocketError.ConnectionRefused))
                : new HttpResponseMessage { Content = new StringContent("tea") }));
        await using var provider = services.BuildServiceProvider();
        var orders = provider.GetRequiredService<OrdersClient>();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("tea", await orders.FindAsync(7));
        }
    }

    [Fact]
    public async Task The_caller_learns_that_no_backend_is_left()
    {
        var services = new ServiceCollection().AddOrders();
        await using var provider = services.BuildServiceProvider();
        var orders = provider.GetRequiredService<OrdersClient>();
        var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();

        foreach (var endpoint in cluster.Endpoints)
        {
            cluster.TryDrain(endpoint.Address);
        }

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => orders.FindAsync(7));
        Assert.Equal(NoEndpointReason.AllDraining, fault.Reason);
    }

    [Fact]
    public async Task A_backend_that_was_ejected_is_back_after_its_time()
    {
        var isDown = true;
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddOrders();
        services.AddSingleton<TimeProvider>(time);
        services.AddHttpClient("orders")
            .AddLoadBalancing(options => options.Strategy = LoadBalancingStrategies.RoundRobin)
            .ConfigurePrimaryHttpMessageHandler(() => new StubBackends(request => new HttpResponseMessage(
                isDown && request.RequestUri!.Host == "10.0.0.1" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK)));
        await using var provider = services.BuildServiceProvider();
        var orders = provider.GetRequiredService<OrdersClient>();
        var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();
        var first = cluster.Endpoints.Single(endpoint => endpoint.Address.Host == "10.0.0.1");

        await FindAsync(orders, times: 10);
        Assert.Equal(EndpointHealth.Ejected, first.Health);

        isDown = false;
        time.Advance(TimeSpan.FromSeconds(12));
        await FindAsync(orders, times: 10);
        Assert.Equal(EndpointHealth.Healthy, first.Health);
    }

    [Fact]
    public async Task Every_request_goes_to_the_backend_of_the_test()
    {
        var hosts = new List<string>();
        var services = new ServiceCollection().AddOrders();
        services.AddSingleton<ILoadBalancingStrategy>(new PinnedStrategy("10.0.0.2"));
        services.AddHttpClient("orders").AddLoadBalancing(options => options.Strategy = "Pinned");
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => new StubBackends(request =>
        {
            hosts.Add(request.RequestUri!.Host);
            return new HttpResponseMessage();
        }));
        await using var provider = services.BuildServiceProvider();

        await FindAsync(provider.GetRequiredService<OrdersClient>(), times: 10);

        Assert.Equal(10, hosts.Count);
        Assert.All(hosts, host => Assert.Equal("10.0.0.2", host));
    }

    [Fact]
    public async Task Without_a_container_all_of_these_are_arguments()
    {
        using var http = BalancedHttpHandler.CreateClient(
            "orders",
            options =>
            {
                options.Strategy = "Pinned";
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.1") });
                options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.2") });
            },
            primaryHandler: new StubBackends(request => new HttpResponseMessage { Content = new StringContent(request.RequestUri!.Host) }),
            strategies: [new PinnedStrategy("10.0.0.2")],
            timeProvider: new FakeTimeProvider());

        Assert.Equal("10.0.0.2", await http.GetStringAsync("orders/7"));
    }

    private static async Task FindAsync(OrdersClient orders, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await orders.FindAsync(7);
        }
    }
}
