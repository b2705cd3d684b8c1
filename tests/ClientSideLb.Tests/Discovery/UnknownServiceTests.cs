using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests;

/// <summary>Requests to names that no provider of service discovery knows, such as misspelt ones.</summary>
public sealed class UnknownServiceTests : IAsyncDisposable
{
    private const int UnknownService = 32;
    private const int TooManyUnknownServices = 33;

    private readonly ObservedTime _time = new();
    private readonly StubBackend _backend = new();
    private readonly ServiceCollection _services = new();
    private readonly ReloadableConfiguration _configuration = new(
        ("services:inventory:http:0", "http://10.0.0.1"), ("services:orders:http:0", "http://10.0.0.2"), ("shop:Strategy", "Random"));

    private readonly Lazy<ServiceProvider> _provider;

    public UnknownServiceTests()
    {
        _services.AddSingleton<TimeProvider>(_time);
        _services.AddSingleton<IConfiguration>(_configuration.Root);
        _services.AddLogging(static logging => logging.AddFakeLogging());
        _provider = new Lazy<ServiceProvider>(() => _services.BuildServiceProvider());
        Add("shop").AddLoadBalancing(_configuration.Root.GetSection("shop"));
    }

    private IServiceProvider Services => _provider.Value;

    private IClusterRegistry Registry => Services.GetRequiredService<IClusterRegistry>();

    public async ValueTask DisposeAsync()
    {
        _backend.Dispose();
        await _provider.Value.DisposeAsync();
    }

    [Fact]
    public async Task A_name_that_no_provider_knows_is_told_once_with_the_names_that_are_known()
    {
        await GetAsync("shop", "http://inventroy/", times: 3);
        await GetAsync("shop", "https://inventroy:8443/a");

        Assert.Equal(
            ["Requests to 'inventroy' of client 'shop' pass through unbalanced: no provider of service discovery knows the name. The configuration lists inventory, orders."],
            Told(UnknownService));
        Assert.Equal(4, _backend.Addresses.Count);
    }

    [Fact]
    public async Task A_name_that_is_known_is_not_told()
    {
        using var unbalanced = Collect("clientsidelb.unbalanced_requests");

        await GetAsync("shop", "http://inventory/");

        Assert.Empty(Told(UnknownService));
        Assert.Empty(unbalanced.GetMeasurementSnapshot());
        Assert.Empty(Registry.UnknownServices);
    }

    [Fact]
    public async Task A_long_list_of_known_names_is_cut_short()
    {
        _configuration.Replace([.. Enumerable.Range(10, 13).Select(static index => ($"services:s{index}:http:0", "http://10.0.0.1"))]);

        await GetAsync("shop", "http://inventroy/");

        Assert.EndsWith("The configuration lists s10, s11, s12, s13, s14, s15, s16, s17, s18, s19 and 3 more.", Assert.Single(Told(UnknownService)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_without_services_is_told_by_the_name_of_its_section()
    {
        _configuration.Replace();

        await GetAsync("shop", "http://inventory/");

        Assert.EndsWith("The configuration lists no service in 'Services'.", Assert.Single(Told(UnknownService)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_client_tells_of_its_own_names()
    {
        Add("other");

        await GetAsync("shop", "http://inventroy/");
        await GetAsync("other", "http://inventroy/");

        Assert.Equal(2, Told(UnknownService).Count);
        Assert.Equal(
            [("other", "inventroy", false), ("shop", "inventroy", false)],
            Registry.UnknownServices.Select(static service => (service.ClientName, service.ServiceName, service.IsRefused)).Order());
    }

    [Fact]
    public async Task Requests_are_counted_by_client_and_name()
    {
        using var unbalanced = Collect("clientsidelb.unbalanced_requests");
        using var requests = Collect("clientsidelb.requests");

        await GetAsync("shop", "http://inventroy/", times: 3);
        await GetAsync("shop", "http://inventory/");

        Assert.All(unbalanced.GetMeasurementSnapshot(), static measured => Assert.Equal(("shop", "inventroy"), (measured.Tags["clientsidelb.client"], measured.Tags["clientsidelb.service"])));
        Assert.Equal(3, unbalanced.GetMeasurementSnapshot().Sum(static measured => measured.Value));
        Assert.Equal("inventory", Assert.Single(requests.GetMeasurementSnapshot()).Tags["clientsidelb.service"]);
    }

    [Fact]
    public async Task A_client_of_very_many_hosts_fills_neither_the_log_nor_the_metrics()
    {
        using var unbalanced = Collect("clientsidelb.unbalanced_requests");

        for (var i = 0; i < 25; i++)
        {
            await GetAsync("shop", $"http://host{i}.example/");
        }

        await GetAsync("shop", "http://host0.example/");
        Assert.Equal(20, Told(UnknownService).Count);
        Assert.Contains("more than 20 names", Assert.Single(Told(TooManyUnknownServices)), StringComparison.Ordinal);
        var counts = unbalanced.GetMeasurementSnapshot().CountBy(static measured => (string)measured.Tags["clientsidelb.service"]!).ToDictionary();
        Assert.Equal((21, 5, 2), (counts.Count, counts["_OTHER"], counts["host0.example"]));
    }

    [Fact]
    public async Task A_name_is_no_longer_shown_when_nobody_uses_it_and_is_not_told_again()
    {
        await GetAsync("shop", "http://inventroy/");
        Assert.Single(Registry.UnknownServices);

        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromSeconds(1), () => Registry.UnknownServices.Count == 0, "the name is forgotten");

        await GetAsync("shop", "http://inventroy/");
        Assert.Single(Registry.UnknownServices);
        Assert.Single(Told(UnknownService));
    }

    [Theory]
    [InlineData(UnknownServiceMode.PassThrough)]
    [InlineData(UnknownServiceMode.Refuse)]
    public async Task A_name_that_becomes_known_is_balanced(UnknownServiceMode mode)
    {
        Add("strict", options => options.UnknownServices = mode);
        await Record.ExceptionAsync(() => GetAsync("strict", "http://stock/"));

        _configuration.Replace(("services:stock:http:0", "http://10.0.0.3"));
        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromMilliseconds(100), () => Registry.Clusters.Any(static cluster => cluster.Endpoints.Count == 1), "the name is known");

        await GetAsync("strict", "http://stock/");
        Assert.Equal("http://10.0.0.3/", _backend.Addresses[^1].AbsoluteUri);
        Assert.Empty(Registry.UnknownServices);
    }

    [Fact]
    public async Task A_name_that_becomes_known_without_an_endpoint_is_no_longer_called_unknown()
    {
        Add("strict", static options => options.UnknownServices = UnknownServiceMode.Refuse);
        var before = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => GetAsync("strict", "http://stock/"));

        _configuration.Replace(("services:stock:https:0", "https://10.0.0.3"));
        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromMilliseconds(100), () => Registry.UnknownServices.Count == 0, "the name is known");

        var after = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => GetAsync("strict", "http://stock/"));
        Assert.Contains("no provider", before.Message, StringComparison.Ordinal);
        Assert.Contains("service discovery found none", after.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_Refuse_a_request_to_an_unknown_name_is_not_sent_and_the_message_says_what_to_do(bool synchronously)
    {
        Add("strict", static options => options.UnknownServices = UnknownServiceMode.Refuse);
        using var requests = Collect("clientsidelb.requests");
        using var client = Services.GetRequiredService<IHttpClientFactory>().CreateClient("strict");

        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://inventroy/");
            var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(
                () => synchronously ? Task.Run(() => client.Send(request)) : client.SendAsync(request));

            Assert.Equal((NoEndpointReason.NoneFound, "strict", "inventroy"), (fault.Reason, fault.ClientName, fault.ServiceName));
            Assert.Equal(
                "Client 'strict' has no endpoint for service 'inventroy': no provider of service discovery knows the name, and UnknownServices is Refuse. The configuration lists inventory, orders. Correct the name in the request's address, list the service in the configuration, add a provider that knows it, or set UnknownServices to PassThrough.",
                fault.Message);
        }

        Assert.Empty(_backend.Addresses);
        Assert.StartsWith("Requests to 'inventroy' of client 'strict' are refused:", Assert.Single(Told(UnknownService)), StringComparison.Ordinal);
        Assert.True(Assert.Single(Registry.UnknownServices).IsRefused);
        Assert.All(requests.GetMeasurementSnapshot(), static measured => Assert.Equal("no_endpoint", measured.Tags["clientsidelb.outcome"]));
        Assert.Equal(2, requests.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task With_Refuse_names_that_are_known_are_balanced()
    {
        Add("strict", static options => options.UnknownServices = UnknownServiceMode.Refuse);

        await GetAsync("strict", "http://orders/");

        Assert.Equal("http://10.0.0.2/", Assert.Single(_backend.Addresses).AbsoluteUri);
    }

    [Fact]
    public async Task With_Refuse_static_endpoints_take_requests_to_the_clients_own_name_on_any_port()
    {
        Add("strict", static options =>
        {
            options.UnknownServices = UnknownServiceMode.Refuse;
            options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.0.0.9") });
        });

        await GetAsync("strict", "http://strict:8080/");

        Assert.Equal("http://10.0.0.9/", Assert.Single(_backend.Addresses).AbsoluteUri);
    }

    [Fact]
    public async Task A_reload_of_the_option_takes_effect_at_once()
    {
        await GetAsync("shop", "http://inventroy/");

        _configuration.Replace(("shop:UnknownServices", "Refuse"));
        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => GetAsync("shop", "http://inventroy/"));
        _configuration.Replace(("shop:UnknownServices", "PassThrough"));
        await GetAsync("shop", "http://inventroy/");

        Assert.Equal(2, _backend.Addresses.Count);
    }

    private IHttpClientBuilder Add(string client, Action<LoadBalancingOptions>? configure = null) =>
        _services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(configure ?? (static _ => { }));

    private List<string> Told(int id) => [.. _provider.Value.GetFakeLogCollector().GetSnapshot()
        .Where(line => line.Id.Id == id && line.Level == LogLevel.Information).Select(static line => line.Message)];

    private MetricCollector<long> Collect(string instrument) => new(Services.GetRequiredService<IMeterFactory>(), "ClientSideLb", instrument, _time);

    private async Task GetAsync(string client, string address, int times = 1)
    {
        using var http = Services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        for (var i = 0; i < times; i++)
        {
            (await http.GetAsync(new Uri(address))).Dispose();
        }
    }
}
