using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

public sealed class ServiceDiscoveryTests : IAsyncDisposable
{
    private readonly ObservedTime _time = new();
    private readonly StubBackend _backend = new();
    private readonly StubDiscovery _discovery = new("api");
    private readonly ServiceCollection _services = new();
    private readonly Lazy<ServiceProvider> _provider;

    public ServiceDiscoveryTests()
    {
        _services.AddSingleton<TimeProvider>(_time);
        _services.AddLogging(static logging => logging.AddFakeLogging());
        _services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => _backend)
            .AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.RoundRobin);
        _provider = new Lazy<ServiceProvider>(() => _services.BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        _backend.Dispose();
        await _provider.Value.DisposeAsync();
    }

    [Fact]
    public async Task Requests_go_to_the_endpoints_that_discovery_finds()
    {
        using var client = CreateClient(_discovery);
        _discovery.Find("http://10.0.0.1:5000/base", "https://10.0.0.2");

        await client.GetAsync("/a");
        await client.GetAsync("/b?c");

        Assert.Equal(["http://10.0.0.1:5000", "https://10.0.0.2"], _backend.Addresses.Select(static address => address.GetLeftPart(UriPartial.Authority)).Order());
        var cluster = Assert.Single(_provider.Value.GetRequiredService<IClusterRegistry>().Clusters);
        Assert.Equal(("api", "api", 2), (cluster.ClientName, cluster.ServiceName, cluster.Endpoints.Count));
    }

    [Fact]
    public async Task Each_service_that_a_client_calls_has_a_cluster_of_its_own()
    {
        var orders = new StubDiscovery("orders");
        using var client = CreateClient(_discovery, orders);
        _discovery.Find("http://10.0.0.1");
        orders.Find("http://10.0.0.2");

        await client.GetAsync("/");
        await client.GetAsync("http://orders/");

        Assert.Equal(["10.0.0.1", "10.0.0.2"], _backend.Addresses.Select(static address => address.Host));
        Assert.Equal(["api", "orders"], _provider.Value.GetRequiredService<IClusterRegistry>().Clusters.Select(static cluster => cluster.ServiceName).Order());
    }

    [Fact]
    public async Task First_requests_that_come_together_ask_discovery_once()
    {
        using var client = CreateClient(_discovery);
        _discovery.Find("http://10.0.0.1");
        var ready = new TaskCompletionSource();
        _discovery.Ready = ready.Task;

        var requests = Enumerable.Range(0, 20).Select(_ => client.GetAsync("/")).ToList();
        await Eventually.True(() => _discovery.Asked > 0, "discovery is asked");
        ready.SetResult();
        await Task.WhenAll(requests);

        Assert.Equal(1, _discovery.Asked);
        Assert.Equal(20, _backend.Addresses.Count);
    }

    [Fact]
    public async Task A_request_is_sent_to_its_own_address_while_the_provider_does_not_know_the_name()
    {
        using var client = CreateClient(_discovery);
        _discovery.KnowsName = false;

        await client.GetAsync("/");
        Assert.Equal("api", _backend.Addresses[^1].Host);

        _discovery.KnowsName = true;
        _discovery.Find("http://10.0.0.1");
        _discovery.Change();
        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromMilliseconds(100), () => _provider.Value.GetRequiredService<IClusterRegistry>().Clusters.Any(static cluster => cluster.Endpoints.Count > 0), "the endpoint is found");
        await client.GetAsync("/");
        Assert.Equal("10.0.0.1", _backend.Addresses[^1].Host);
    }

    [Fact]
    public async Task A_request_to_a_known_name_without_endpoints_is_not_sent_to_its_own_address()
    {
        using var client = CreateClient(_discovery);

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => client.GetAsync("/"));

        Assert.Equal(NoEndpointReason.NoneFound, fault.Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_the_pass_through_provider_only_a_name_that_no_provider_knows_is_sent_to_its_own_address(bool known)
    {
        _services.AddSingleton<IConfiguration>(new ConfigurationManager()).AddSingleton<IServiceEndpointProviderFactory>(_discovery).AddServiceDiscovery();
        using var client = CreateClient();
        _discovery.KnowsName = known;

        var fault = await Record.ExceptionAsync(() => client.GetAsync("/"));

        Assert.Equal(known ? NoEndpointReason.NoneFound : null, (fault as NoEndpointAvailableException)?.Reason);
        Assert.Equal(known ? 0 : 1, _backend.Addresses.Count);
    }

    [Fact]
    public async Task A_request_can_be_cancelled_while_it_waits_for_discovery()
    {
        using var client = CreateClient(_discovery);
        _discovery.Ready = new TaskCompletionSource().Task;
        using var cancellation = new CancellationTokenSource();

        var request = client.GetAsync("/", cancellation.Token);
        await Eventually.True(() => _discovery.Asked > 0, "discovery is asked");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task Requests_do_not_ask_a_broken_discovery_again()
    {
        using var client = CreateClient(_discovery);
        _discovery.Fault = new IOException("DNS is away.");

        for (var i = 0; i < 20; i++)
        {
            var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => client.GetAsync("/"));
            Assert.Contains("DNS is away.", fault.Message, StringComparison.Ordinal);
            Assert.IsType<IOException>(fault.InnerException);
        }

        Assert.Equal(1, _discovery.Asked);
    }

    [Fact]
    public async Task A_change_of_discovery_reaches_the_cluster()
    {
        using var client = CreateClient(_discovery);
        _discovery.Find("http://10.0.0.1");
        await client.GetAsync("/");
        var cluster = _provider.Value.GetRequiredService<IClusterRegistry>().Clusters.Single();

        _discovery.Find("http://10.0.0.2");
        _discovery.Change();

        await Eventually.TrueAsTimePasses(_time, TimeSpan.FromMilliseconds(100), () => cluster.Endpoints.Any(static endpoint => endpoint.Address.Host == "10.0.0.2"), "the new endpoint is there");
        await client.GetAsync("/");
        Assert.Equal("10.0.0.2", _backend.Addresses[^1].Host);
    }

    [Fact]
    public async Task A_service_without_an_endpoint_is_not_sent_to_by_its_name()
    {
        using var client = CreateClient(_discovery);

        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => client.GetAsync("/"));

        Assert.Contains("'api'", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_backend.Addresses);
    }

    [Fact]
    public async Task A_name_that_no_discovery_knows_passes_through_unchanged()
    {
        using var client = CreateClient(_discovery);

        await client.GetAsync("https://elsewhere.example:8443/a%2Fb?c");

        Assert.Equal("https://elsewhere.example:8443/a%2Fb?c", Assert.Single(_backend.Addresses).AbsoluteUri);
        Assert.Empty(_provider.Value.GetRequiredService<IClusterRegistry>().Clusters);
    }

    [Fact]
    public async Task A_name_passes_through_if_the_container_has_no_configuration()
    {
        using var client = CreateClient();

        await client.GetAsync("/a");

        Assert.Equal("https://api/a", Assert.Single(_backend.Addresses).AbsoluteUri);
    }

    [Fact]
    public async Task Services_in_configuration_are_found()
    {
        var configuration = new ReloadableConfiguration(("services:api:http:0", "http://10.0.0.1:5000"), ("services:api:http:1", "http://10.0.0.2:5000"));
        _services.AddSingleton<IConfiguration>(configuration.Root);
        using var client = CreateClient();

        await client.GetAsync("/");
        await client.GetAsync("/");

        Assert.Equal(["10.0.0.1", "10.0.0.2"], _backend.Addresses.Select(static address => address.Host).Order());
    }

    [Theory]
    [InlineData("https+http://api/", "https://10.0.0.1/")]
    [InlineData("http+https://api/", "http://10.0.0.1/")]
    [InlineData("http://api/", "http://10.0.0.1/")]
    [InlineData("https://api/", "https://10.0.0.1/")]
    public async Task An_endpoint_without_a_scheme_takes_the_first_that_the_request_allows(string logical, string sent)
    {
        using var client = CreateClient(_discovery);
        _discovery.Find(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 0));

        await client.GetAsync(logical);

        Assert.Equal(sent, Assert.Single(_backend.Addresses).AbsoluteUri);
    }

    [Fact]
    public async Task Discovery_may_give_names_and_addresses_of_either_family()
    {
        using var client = CreateClient(_discovery);
        _discovery.Find(new DnsEndPoint("pod-1.internal", 81), new IPEndPoint(IPAddress.Parse("2001:db8::1"), 82));

        await client.GetAsync("http://api/");
        await client.GetAsync("http://api/");

        Assert.Equal(["http://[2001:db8::1]:82/", "http://pod-1.internal:81/"], _backend.Addresses.Select(static address => address.AbsoluteUri).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Endpoints_in_a_zone_keep_it_however_they_are_given()
    {
        using var client = CreateClient(_discovery);
        var address = IPAddress.Parse("fe80::1").GetAddressBytes();
        _discovery.Find(
            new IPEndPoint(new IPAddress(address, 3), 82),
            new IPEndPoint(new IPAddress(address, 252), 82),
            new DnsEndPoint("fe80::1%eth0", 82),
            new DnsEndPoint("2001:db8::2", 82),
            new UriEndPoint(new Uri("http://[fe80::1%25eth1]:82")));

        for (var i = 0; i < 5; i++)
        {
            await client.GetAsync("http://api/");
        }

        Assert.Equal(
            ["2001:db8::2", "fe80::1%252", "fe80::1%3", "fe80::1%eth0", "fe80::1%eth1"],
            _backend.Addresses.Select(static address => address.IdnHost).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_scheme_that_service_discovery_does_not_allow_is_not_taken()
    {
        _services.Configure<ServiceDiscoveryOptions>(static options =>
        {
            options.AllowAllSchemes = false;
            options.AllowedSchemes = ["http"];
        });
        using var client = CreateClient(_discovery);
        _discovery.Find(new DnsEndPoint("pod-1.internal", 81));

        await client.GetAsync("https+http://api/");

        Assert.Equal("http://pod-1.internal:81/", Assert.Single(_backend.Addresses).AbsoluteUri);
    }

    [Fact]
    public async Task The_host_name_that_discovery_gives_an_endpoint_is_its_host_header()
    {
        using var client = CreateClient(_discovery);
        _discovery.Find("https://10.0.0.1");
        _discovery.HostName = "pod-1.internal";

        await client.GetAsync("/");

        Assert.Equal(["pod-1.internal"], _backend.Hosts);
    }

    [Fact]
    public async Task An_endpoint_that_cannot_be_used_is_left_out_and_logged_without_its_password()
    {
        using var client = CreateClient(_discovery);
        _discovery.Find(
            new UriEndPoint(new Uri("http://user:secret@10.0.0.1")),
            new UriEndPoint(new Uri("ftp://10.0.0.2?token=secret")),
            new UriEndPoint(new Uri("10.0.0.4/a?token=secret", UriKind.Relative)),
            new UriEndPoint(new Uri("/user:secret@10.0.0.5", UriKind.Relative)),
            new UriEndPoint(new Uri("http://10.0.0.3")));

        await client.GetAsync("/");
        await client.GetAsync("/");

        Assert.All(_backend.Addresses, static address => Assert.Equal("10.0.0.3", address.Host));
        var warnings = _provider.Value.GetFakeLogCollector().GetSnapshot().Where(static record => record.Level == LogLevel.Warning).ToList();
        Assert.Equal(4, warnings.Count);
        Assert.All(warnings, static warning => Assert.DoesNotContain("secret", warning.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Discovery_is_not_asked_after_the_container_is_disposed_of(bool asynchronously)
    {
        using var client = CreateClient(_discovery);
        _discovery.Find("http://10.0.0.1");
        await client.GetAsync("/");
        var asked = _discovery.Asked;

        if (asynchronously)
        {
            await _provider.Value.DisposeAsync();
        }
        else
        {
            _provider.Value.Dispose();
        }

        _discovery.Change();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(asked, _discovery.Asked);
    }

    [Fact]
    public async Task A_container_that_was_never_used_can_be_disposed_either_way()
    {
        using (_services.BuildServiceProvider())
        {
        }

        await using var provider = _services.BuildServiceProvider();
        provider.GetRequiredService<IClusterRegistry>();
    }

    private HttpClient CreateClient(params StubDiscovery[] discoveries)
    {
        foreach (var discovery in discoveries)
        {
            _services.AddSingleton<IServiceEndpointProviderFactory>(discovery);
        }

        return _provider.Value.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }
}
