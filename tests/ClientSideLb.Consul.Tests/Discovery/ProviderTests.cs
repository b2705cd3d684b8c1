using System.Collections.Concurrent;
using System.Net;
using ClientSideLb.Consul.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Consul.Tests.Discovery;

public sealed class ProviderTests : IAsyncLifetime
{
    private static readonly Registration A = new("a", "10.0.0.1", 8080);
    private readonly TestConsul _consul = new();
    private readonly ConcurrentQueue<Uri> _sent = new();

    public ValueTask InitializeAsync() => new(_consul.StartAsync());

    [Fact]
    public async Task Endpoints_have_address_weight_and_health()
    {
        _consul.Set(
            "api",
            A with { Weights = (7, 2) },
            new("b", "2001:db8::1", 8080) { Status = "warning", Weights = (7, 2) },
            new("c", "c.example", 8080) { Status = "critical" },
            new("d", "d.example", 0) { IsInMaintenance = true });
        await using var app = new TestApp(_consul.Address);

        var found = await PopulateAsync(app, "http://api");

        Assert.Equal(
            [
                (new IPEndPoint(IPAddress.Parse("10.0.0.1"), 8080), 7, null),
                (new IPEndPoint(IPAddress.Parse("2001:db8::1"), 8080), 2, null),
                (new DnsEndPoint("c.example", 8080), 1, EndpointHealth.Unhealthy),
                (new DnsEndPoint("d.example", 0), 1, EndpointHealth.Draining),
            ],
            found.Endpoints.Select(static one => (one.EndPoint, one.Features.Get<EndpointMetadata>()!.Weight!.Value, one.Features.Get<EndpointMetadata>()!.Health)));
    }

    [Theory]
    [InlineData("http://[2001:db8::1]:8080/", "2001:db8::1", 8080)]
    [InlineData("http://c.example/", "c.example", 0)]
    public async Task Requests_go_to_IPv6_addresses_and_to_the_default_port(string expected, string address, int port)
    {
        _consul.Set("api", new Registration("a", address, port));
        await using var app = new TestApp(_consul.Address, add: TestApp.KeepAddresses(_sent));

        using var response = await app.Client.GetAsync(new Uri("https+http://api/"));

        Assert.Equal(expected.Replace("http:", "https:", StringComparison.Ordinal), Assert.Single(_sent).AbsoluteUri);
    }

    [Fact]
    public async Task A_request_for_https_alone_does_not_go_to_an_instance_that_says_it_is_http()
    {
        _consul.Set("api", A with { Scheme = "http" }, new Registration("b", "10.0.0.2", 8443) { Scheme = "https" });
        await using var app = new TestApp(_consul.Address, static options => options.SchemeMetaKey = "scheme");

        Assert.Equal(["https://10.0.0.2:8443/"], (await PopulateAsync(app, "https://api")).Endpoints.Select(static one => one.ToString()));
        Assert.Equal(
            ["http://10.0.0.1:8080/", "https://10.0.0.2:8443/"], (await PopulateAsync(app, "https+http://api")).Endpoints.Select(static one => one.ToString()));
    }

    [Fact]
    public async Task A_name_that_Consul_does_not_know_passes_through_until_it_is_registered()
    {
        await using var app = new TestApp(_consul.Address, add: TestApp.KeepAddresses(_sent));
        using (await app.Client.GetAsync(new Uri("http://api/")))
        {
            Assert.Equal("http://api/", Assert.Single(_sent).AbsoluteUri);
        }

        _consul.Set("api", A);

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await app.Client.GetAsync(new Uri("http://api/"));
                return _sent.Last().AbsoluteUri == "http://10.0.0.1:8080/";
            },
            "requests go to the instance");
    }

    [Fact]
    public async Task A_service_without_a_passing_instance_does_not_pass_through()
    {
        _consul.Set("api", A with { Status = "critical" });
        await using var app = new TestApp(_consul.Address, static options => options.PassingOnly = true, TestApp.KeepAddresses(_sent));

        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => app.Client.GetAsync(new Uri("http://api/")));

        Assert.Empty(_sent);
    }

    [Fact]
    public async Task A_name_that_configuration_lists_is_not_asked_for()
    {
        _consul.Set("api", A);
        await using var app = new TestApp(
            _consul.Address, add: TestApp.KeepAddresses(_sent), configuration: new() { ["Services:api:http:0"] = "http://10.0.0.9:80" });

        using var response = await app.Client.GetAsync(new Uri("http://api/"));

        Assert.Equal("http://10.0.0.9/", Assert.Single(_sent).AbsoluteUri);
        Assert.Empty(_consul.Queries);
    }

    [Fact]
    public async Task A_provider_that_comes_first_answers()
    {
        _consul.Set("api", A);
        await using var app = new TestApp(_consul.Address);
        var builder = new Found();
        builder.Endpoints.Add(ServiceEndpoint.Create(new DnsEndPoint("other", 80)));

        await using var provider = CreateProvider(app, "http://api");
        await provider.PopulateAsync(builder, CancellationToken.None);

        Assert.Single(builder.Endpoints);
        Assert.Empty(_consul.Queries);
    }

    [Fact]
    public async Task The_watch_of_a_service_ends_with_its_last_provider()
    {
        _consul.Set("api", A);
        await using var app = new TestApp(_consul.Address);
        var (first, second) = (CreateProvider(app, "http://api"), CreateProvider(app, "https://api"));
        await first.PopulateAsync(new Found(), CancellationToken.None);
        await second.PopulateAsync(new Found(), CancellationToken.None);
        await _consul.HoldsAsync(2);

        await first.DisposeAsync();
        _consul.Touch();
        await _consul.HoldsAsync(3);
        await second.DisposeAsync();

        await Eventually.TrueAsync(() => _consul.Held == 0, "the query is given up");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second.PopulateAsync(new Found(), CancellationToken.None).AsTask());
        Assert.Equal(3, _consul.Queries.Length);
    }

    [Fact]
    public async Task A_Consul_that_is_away_from_the_start_is_told_to_the_caller()
    {
        await _consul.StopAsync();
        await using var app = new TestApp(_consul.Address);

        var failure = await Assert.ThrowsAsync<ConsulDiscoveryException>(() => PopulateAsync(app, "http://api"));

        Assert.Contains($"Consul at {_consul.Address.GetLeftPart(UriPartial.Authority)} cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _consul.DisposeAsync();

    private static IServiceEndpointProvider CreateProvider(TestApp app, string name)
    {
        Assert.True(ServiceEndpointQuery.TryParse(name, out var query));
        foreach (var factory in app.Services.GetServices<IServiceEndpointProviderFactory>())
        {
            if (factory.TryCreateProvider(query, out var provider) && $"{provider}" == "Consul, api")
            {
                return provider;
            }
        }

        throw new InvalidOperationException("Consul has no provider for the name.");
    }

    private static async Task<Found> PopulateAsync(TestApp app, string name)
    {
        var found = new Found();
        await using var provider = CreateProvider(app, name);
        await provider.PopulateAsync(found, CancellationToken.None);
        return found;
    }

    private sealed class Found : IServiceEndpointBuilder
    {
        public IList<ServiceEndpoint> Endpoints { get; } = [];

        public Microsoft.AspNetCore.Http.Features.IFeatureCollection Features { get; } = new Microsoft.AspNetCore.Http.Features.FeatureCollection();

        public void AddChangeToken(IChangeToken changeToken)
        {
        }
    }
}
