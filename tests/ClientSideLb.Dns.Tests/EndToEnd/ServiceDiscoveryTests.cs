using System.Runtime.CompilerServices;
using ClientSideLb.Dns.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Tests.EndToEnd;

/// <summary>DNS as a provider of Microsoft.Extensions.ServiceDiscovery.</summary>
public sealed class ServiceDiscoveryTests : IAsyncDisposable
{
    private const string Service = "_http._tcp.api.example";
    private readonly StubDnsServer _server = new();

    [Fact]
    public async Task Endpoints_carry_weight_priority_and_name()
    {
        AnswerService();
        await using var app = new DnsApp(_server.Address);

        var endpoints = await app.ResolveAsync($"http://{Service}");

        Assert.Equal(["10.0.0.1:8080", "10.0.0.2:8081"], endpoints.Select(static one => one.ToString()));
        Assert.Equal([(30, 0), (5, 1)], endpoints.Select(static one => one.Features.Get<EndpointMetadata>()!).Select(static one => (one.Weight!.Value, one.Priority)));
        Assert.All(endpoints, static one => Assert.Equal("api.example", one.Features.Get<IHostNameFeature>()!.HostName));
    }

    [Theory]
    [InlineData("https+http://_http._tcp.api.example", "http://10.0.0.1:8080/")]
    [InlineData("http://_http._tcp.api.example", "10.0.0.1:8080")]
    [InlineData("https://_http._tcp.api.example", "10.0.0.1:8080")]
    public async Task The_name_of_the_port_tells_the_scheme_if_the_request_allows_several(string query, string first)
    {
        AnswerService();
        await using var app = new DnsApp(_server.Address);

        Assert.Equal(first, (await app.ResolveAddressesAsync(query))[0]);
    }

    [Theory]
    [InlineData("http://api.example:8080", null, "10.0.0.1:8080", "api.example:8080")]
    [InlineData("http://api.example:8080", 9090, "10.0.0.1:8080", "api.example:8080")]
    [InlineData("http://api.example", 9090, "10.0.0.1:9090", "api.example")]
    [InlineData("http://api.example", null, "10.0.0.1:0", "api.example")]
    [InlineData("api.example:8080", null, "10.0.0.1:8080", "api.example:8080")]
    public async Task The_port_of_an_address_is_that_of_the_request_or_that_of_the_options(string query, int? option, string endpoint, string host)
    {
        _server.AnswerAddresses("api.example", 60, "10.0.0.1");
        await using var app = new DnsApp(_server.Address, options => options.Port = option);

        var found = Assert.Single(await app.ResolveAsync(query));

        Assert.Equal(endpoint, found.EndPoint.ToString());
        Assert.Equal(host, found.Features.Get<IHostNameFeature>()!.HostName);
        Assert.Null(found.Features.Get<EndpointMetadata>()!.Weight);
    }

    [Fact]
    public async Task First_requests_that_come_together_ask_once()
    {
        var release = new TaskCompletionSource();
        _server.Reply = async query =>
        {
            await release.Task;
            return new DnsPacket().Address("api.example", "10.0.0.1").Write(query);
        };
        await using var app = new DnsApp(_server.Address, static options => options.AddressFamily = System.Net.Sockets.AddressFamily.InterNetwork);

        // Service discovery makes a provider for each scheme, and may query each of them more than once.
        var requests = Enumerable.Range(0, 20).Select(i => app.ResolveAddressesAsync(i % 2 == 0 ? "http://api.example" : "https://api.example")).ToList();
        await Eventually.TrueAsync(() => !_server.Queries.IsEmpty, "the server is asked");
        release.SetResult();

        Assert.All(await Task.WhenAll(requests), static found => Assert.Equal(["10.0.0.1"], found));
        Assert.Single(_server.Queries);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_that_configuration_lists_is_left_to_configuration(bool dnsFirst)
    {
        _server.Answer(static query => query.Type == DnsPacket.A ? new DnsPacket().Address(query.Name, "10.0.0.2") : new DnsPacket());
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Services:api:http:0", "http://10.9.9.9:80")]).Build();
        void Configure(IServiceCollection services) => services.AddSingleton<IConfiguration>(configuration).AddServiceDiscovery();
        await using var app = new DnsApp(_server.Address, before: dnsFirst ? null : Configure, after: dnsFirst ? Configure : null);

        Assert.Equal(["http://10.9.9.9/"], await app.ResolveAddressesAsync("http://api"));
        Assert.Equal(["10.0.0.2"], await app.ResolveAddressesAsync("http://web"));
    }

    [Fact]
    public async Task A_name_that_DNS_does_not_know_is_left_to_the_providers_after_it()
    {
        await using var app = new DnsApp(_server.Address, after: static services => services.AddSingleton<IConfiguration>(new ConfigurationManager()).AddServiceDiscovery());

        var passed = Assert.Single(await app.ResolveAsync("http://api.example"));
        Assert.Contains("api.example", passed.EndPoint.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(_server.Queries);
    }

    [Fact]
    public async Task Nothing_is_asked_when_the_container_is_gone()
    {
        _server.AnswerAddresses("api.example", 1, "10.0.0.1");
        var time = new RecordingTimeProvider();
        var app = new DnsApp(_server.Address, before: services => services.AddSingleton<TimeProvider>(time));
        await app.ResolveAsync("http://api.example");
        var asked = _server.Queries.Count;

        await app.DisposeAsync();
        time.Advance(TimeSpan.FromMinutes(10));
        await using (var other = new DnsApp(_server.Address))
        {
            // A whole lookup by somebody else gives the first one the time to go wrong.
            await other.ResolveAsync("http://api.example");
        }

        Assert.Equal(asked + 2, _server.Queries.Count);
    }

    [Fact]
    public async Task A_container_that_is_dropped_without_being_disposed_is_collected_and_asks_no_more()
    {
        _server.AnswerAddresses("api.example", 1, "10.0.0.1");
        var dropped = await UseAndDropAsync(_server.Address);

        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !dropped.IsAlive;
            },
            "the container is collected");
        await Eventually.TrueAsync(
            async () =>
            {
                var asked = _server.Queries.Count;
                await Task.Delay(TimeSpan.FromSeconds(2.5));
                return _server.Queries.Count == asked;
            },
            "no query for more than twice the time to live");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // The factory's own timer keeps a handler, and with it the container, until the handler's lifetime has passed. So it is infinite here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndDropAsync(string server)
    {
        var app = new DnsApp(server, after: static services => services
            .AddHttpClient("api", static http => http.BaseAddress = new Uri("http://api.example"))
            .ConfigurePrimaryHttpMessageHandler(static () => new Answering())
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddLoadBalancing());
        using (var http = app.CreateClient("api"))
        using (await http.GetAsync(new Uri("", UriKind.Relative)))
        {
        }

        return new WeakReference(app.Services);
    }

    private void AnswerService() => _server.Answer(static _ => new DnsPacket()
        .Service(Service, 10, 30, 8080, "a.example")
        .Service(Service, 20, 5, 8081, "b.example")
        .AddedAddress("a.example", "10.0.0.1")
        .AddedAddress("b.example", "10.0.0.2"));

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage());
    }
}
