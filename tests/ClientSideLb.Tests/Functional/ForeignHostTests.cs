using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests.Functional;

/// <summary>Requests of clients with static endpoints to absolute addresses: links that name the service or an endpoint, and other hosts.</summary>
public sealed class ForeignHostTests : IDisposable
{
    private const int ForeignHost = 40;

    private readonly StubBackend _backend = new();
    private readonly FakeLogCollector _log = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public async Task A_token_server_gets_its_request_with_all_headers_and_the_endpoints_get_none_of_it()
    {
        await using var login = await Backend.StartAsync();
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = BalancedClient.Of(fleet);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(login.Address, "token?id=7"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "c2VjcmV0");

        using var response = await client.Http.SendAsync(request);

        var received = Assert.Single(login.Received);
        Assert.Equal($"127.0.0.1:{login.Port}", received.Host);
        Assert.Equal([0, 0], fleet.Counts);
        Assert.Null(request.GetEndpoint());
    }

    [Fact]
    public async Task A_link_to_an_endpoint_is_balanced()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = BalancedClient.Of(fleet, static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

        await client.GetAsync(10, $"{fleet[0].Address}page?n=2");

        Assert.Equal([5, 5], fleet.Counts);
    }

    [Fact]
    public async Task A_base_address_from_the_constructor_of_a_typed_client_names_the_service()
    {
        var services = Services();
        Configure(services.AddHttpClient<Orders>());
        await using var provider = services.BuildServiceProvider();

        for (var i = 0; i < 40; i++)
        {
            using var response = await provider.GetRequiredService<Orders>().Http.GetAsync("list");
        }

        Assert.Equal(40, _backend.Addresses.Count);
        Assert.All(_backend.Addresses, static address => Assert.StartsWith("10.0.0.", address.Host, StringComparison.Ordinal));
        Assert.Empty(Told());
    }

    [Fact]
    public async Task A_base_address_of_the_registration_names_the_service_also_if_only_the_handler_is_used()
    {
        var services = Services();
        Configure(services.AddHttpClient("hub", static http => http.BaseAddress = new Uri("http://orders.example:8080/")));
        await using var provider = services.BuildServiceProvider();
        using var invoker = new HttpMessageInvoker(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("hub"), disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "ws://orders.example:8080/chat");

        using var response = await invoker.SendAsync(request, default);

        Assert.StartsWith("10.0.0.", Assert.Single(_backend.Addresses).Host, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_foreign_host_is_told_once_and_its_requests_are_counted()
    {
        var services = Services();
        Configure(services.AddHttpClient("orders"));
        await using var provider = services.BuildServiceProvider();
        using var counted = new MetricCollector<long>(provider.GetRequiredService<IMeterFactory>(), "ClientSideLb", "clientsidelb.unbalanced_requests");
        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        foreach (var address in (string[])["http://user:pw@login.example/?secret=1", "http://login.example/a", "http://10.0.0.1:9999/", "list"])
        {
            using var response = await http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
        }

        Assert.Equal(
            ["http://user:pw@login.example/?secret=1", "http://login.example/a", "http://10.0.0.1:9999/"],
            _backend.Addresses.Take(3).Select(static address => address.OriginalString));
        Assert.Equal(["Requests to 'login.example' of client 'orders' pass through", "Requests to '10.0.0.1:9999' of client 'orders' pass through"],
            Told().Select(static line => line[..line.IndexOf(" unbalanced", StringComparison.Ordinal)]));
        Assert.Equal(3, counted.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    [Fact]
    public async Task A_client_that_refuses_unknown_services_refuses_foreign_hosts_too()
    {
        var services = Services();
        Configure(services.AddHttpClient("orders"), static options => options.UnknownServices = UnknownServiceMode.Refuse);
        await using var provider = services.BuildServiceProvider();
        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        var failure = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => http.GetAsync("http://login.example/?secret=1"));

        Assert.Equal((NoEndpointReason.NoneFound, "orders", "login.example"), (failure.Reason, failure.ClientName, failure.ServiceName));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_backend.Addresses);
        using var response = await http.GetAsync("list");
        Assert.Single(_backend.Addresses);
    }

    private List<string> Told() => [.. _log.GetSnapshot().Where(static line => line.Id.Id == ForeignHost).Select(static line => line.Message)];

    private ServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_log)));
        return services;
    }

    private void Configure(IHttpClientBuilder builder, Action<LoadBalancingOptions>? configure = null) => builder
        .ConfigurePrimaryHttpMessageHandler(() => _backend)
        .AddLoadBalancing(options =>
        {
            options.AddEndpoints([new Uri("http://10.0.0.1:8080/"), new Uri("http://10.0.0.2:8080/")]);
            configure?.Invoke(options);
        });

    private sealed class Orders
    {
        public Orders(HttpClient http)
        {
            http.BaseAddress = new Uri("http://orders.example/v1/");
            Http = http;
        }

        internal HttpClient Http { get; }
    }
}
