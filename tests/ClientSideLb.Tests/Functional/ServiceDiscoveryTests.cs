using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests.Functional;

/// <summary>Clients without static endpoints. The host of a request's address names the service, and IConfiguration lists its endpoints.</summary>
public sealed class ServiceDiscoveryTests
{
    [Fact]
    public async Task A_client_finds_all_endpoints_of_the_service_of_its_own_name()
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        await using var client = Client(Service("api", fleet));

        await client.GetAsync(30);

        Assert.Equal([10, 10, 10], fleet.Counts);
        Assert.Equal(("api", "api"), (client.Cluster.ClientName, client.Cluster.ServiceName));
        Assert.Equal(new Uri("https+http://api/"), client.Http.BaseAddress);
    }

    [Fact]
    public async Task A_base_address_of_the_callers_own_names_the_service()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = BalancedClient.Create(
            static builder => builder
                .ConfigureHttpClient(static http => http.BaseAddress = new Uri("http://orders/"))
                .AddLoadBalancing(RoundRobin),
            WithConfiguration(new ReloadableConfiguration(Service("orders", fleet))));

        await client.GetAsync(10);

        Assert.Equal([5, 5], fleet.Counts);
        Assert.Equal(("api", "orders"), (client.Cluster.ClientName, client.Cluster.ServiceName));
    }

    [Fact]
    public async Task Two_services_through_one_client_are_balanced_each_by_itself()
    {
        await using var users = await BackendFleet.StartAsync(2);
        await using var orders = await BackendFleet.StartAsync(2);
        await using var client = Client([.. Service("users", users), .. Service("orders", orders)]);

        for (var i = 0; i < 20; i++)
        {
            await client.GetAsync(1, "http://users/");
            await client.GetAsync(1, "http://orders/");
        }

        Assert.Equal([10, 10], users.Counts);
        Assert.Equal([10, 10], orders.Counts);
        Assert.Equal(["orders", "users"], client.Clusters.Select(static cluster => cluster.ServiceName).Order());
    }

    [Fact]
    public async Task Two_clients_of_one_service_have_a_cluster_each()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        var configuration = new ReloadableConfiguration(Service("api", fleet));
        await using var client = BalancedClient.Create(
            static builder => builder.AddLoadBalancing(RoundRobin),
            services =>
            {
                services.AddSingleton<IConfiguration>(configuration.Root);
                services.AddHttpClient("other").AddLoadBalancing(RoundRobin);
            });
        var other = client.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        await client.GetAsync(1);
        (await other.GetAsync("http://api/")).Dispose();

        Assert.Equal(["api", "other"], client.Clusters.Select(static cluster => cluster.ClientName).Order());
        Assert.All(client.Clusters, static cluster => Assert.Equal("api", cluster.ServiceName));
        Assert.Equal(4, client.Clusters.SelectMany(static cluster => cluster.Endpoints).Distinct().Count());
    }

    [Fact]
    public async Task An_endpoint_that_configuration_adds_gets_its_share()
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        var configuration = new ReloadableConfiguration(Service("api", fleet.Take(2)));
        await using var client = Client(configuration);
        await client.GetAsync(2);
        var before = client.Endpoints.ToArray();

        configuration.Replace(Service("api", fleet));

        await Eventually.Equal(3, () => client.Endpoints.Count);
        Assert.Equal(before, client.Endpoints.Take(2));
        await client.GetAsync(30);
        Assert.Equal([11, 11, 10], fleet.Counts);
    }

    [Fact]
    public async Task An_endpoint_that_configuration_removes_finishes_its_request_and_is_then_forgotten()
    {
        var gate = new Gate();
        await using var leaver = await Backend.StartAsync(gate.HoldAsync);
        await using var stayer = await Backend.StartAsync();
        var configuration = new ReloadableConfiguration(Service("api", leaver));
        await using var client = Client(configuration);
        var held = client.Http.GetAsync("/");
        await gate.Arrived;
        var endpoint = client.EndpointOf(leaver);

        configuration.Replace(Service("api", stayer));
        await Eventually.Equal(2, () => client.Endpoints.Count);
        await client.GetAsync(5);

        Assert.Equal((1, 5), (leaver.Count, stayer.Count));
        Assert.Same(endpoint, client.EndpointOf(leaver));
        Assert.Equal((1, EndpointHealth.Draining, false), (endpoint.InFlight, endpoint.Health, endpoint.IsAvailable));

        gate.Open();
        using var response = await Eventually.Done(held);
        response.EnsureSuccessStatusCode();
        Assert.Equal(stayer.Port, Assert.Single(client.Endpoints).Address.Port);
    }

    [Fact]
    public async Task Known_endpoints_stay_in_use_when_configuration_lists_none_any_more()
    {
        const int EmptyDiscoveryIgnored = 4;

        await using var fleet = await BackendFleet.StartAsync(2);
        var configuration = new ReloadableConfiguration(Service("api", fleet));
        await using var client = BalancedClient.Create(
            static builder => builder.AddLoadBalancing(RoundRobin),
            services => services.AddFakeLogging().AddSingleton<IConfiguration>(configuration.Root));
        await client.GetAsync(2);

        configuration.Replace();
        var logged = client.Services.GetRequiredService<FakeLogCollector>();
        await Eventually.True(
            () => logged.GetSnapshot().Any(static line => line.Id.Id == EmptyDiscoveryIgnored), "the empty configuration has been looked at");

        await client.GetAsync(10);
        Assert.Equal(2, client.Endpoints.Count);
        Assert.Equal([6, 6], fleet.Counts);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_request_to_a_name_that_is_no_service_goes_there_unchanged(string host)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{backend.Port}/a%2Fb?c");
        var address = request.RequestUri;

        using var response = await client.Http.SendAsync(request);

        response.EnsureSuccessStatusCode();
        Assert.Equal(new ReceivedRequest("GET", "/a%2Fb?c", $"{host}:{backend.Port}", ServerName: null), Assert.Single(backend.Received));
        Assert.Null(request.GetEndpoint());
        Assert.Same(address, request.RequestUri);
        Assert.Empty(client.Clusters);
    }

    [Fact]
    public async Task A_name_that_only_DNS_knows_is_served_unbalanced_and_told_or_refused()
    {
        const int UnknownService = 32;

        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Create(
            static builder => builder.AddLoadBalancing(),
            static services =>
            {
                services.AddFakeLogging();
                services.AddHttpClient("strict").AddLoadBalancing(static options => options.UnknownServices = UnknownServiceMode.Refuse);
            });
        var address = $"http://localhost:{backend.Port}/";

        await client.GetAsync(2, address);
        using var strict = client.Services.GetRequiredService<IHttpClientFactory>().CreateClient("strict");
        await Assert.ThrowsAsync<NoEndpointAvailableException>(() => strict.GetAsync(address));

        Assert.Equal(2, backend.Count);
        Assert.Equal(
            ["Requests to 'localhost' of client 'api' pass through unbalanced:", "Requests to 'localhost' of client 'strict' are refused:"],
            client.Services.GetRequiredService<FakeLogCollector>().GetSnapshot()
                .Where(static line => line.Id.Id == UnknownService).Select(static line => line.Message[..(line.Message.IndexOf(':', StringComparison.Ordinal) + 1)]));
    }

    [Theory]
    [InlineData("http+https")]
    [InlineData("http")]
    public async Task A_request_to_a_name_that_is_no_service_uses_its_first_scheme(string schemes)
    {
        await using var backend = await Backend.StartAsync();
        await using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{schemes}://localhost:{backend.Port}/a%2Fb?c");
        var address = request.RequestUri;

        using var response = await client.Http.SendAsync(request);

        Assert.Equal("/a%2Fb?c", Assert.Single(backend.Received).Target);
        Assert.Same(address, request.RequestUri);
    }

    [Fact]
    public async Task A_request_with_two_schemes_uses_the_one_that_has_endpoints()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = Client(Service("orders", fleet));

        await client.GetAsync(4, "https+http://orders/");

        Assert.Equal([2, 2], fleet.Counts);
    }

    [Fact]
    public async Task A_request_with_two_schemes_uses_the_first_if_both_have_endpoints()
    {
        using var certificate = SelfSigned.CertificateFor("orders");
        await using var secure = await Backend.StartAsync(certificate: certificate);
        await using var plain = await Backend.StartAsync();
        await using var client = BalancedClient.Create(
            static builder => builder
                .UseSocketsHttpHandler(static (handler, _) => handler.SslOptions.RemoteCertificateValidationCallback =
                    static (_, certificate, _, _) => certificate?.Subject == "CN=orders")
                .AddLoadBalancing(),
            WithConfiguration(new ReloadableConfiguration([.. Service("orders", plain), .. Service("orders", secure)])));

        await client.GetAsync(10, "https+http://orders/");

        Assert.Equal((10, 0), (secure.Count, plain.Count));
        Assert.All(secure.Received, static request => Assert.Equal("orders", request.ServerName));
    }

    [Fact]
    public async Task A_named_endpoint_of_a_service_is_found()
    {
        await using var plain = await Backend.StartAsync();
        await using var admin = await Backend.StartAsync();
        await using var client = Client(
            ("Services:orders:http:0", plain.Address.ToString()), ("Services:orders:admin:0", admin.Address.ToString()));

        await client.GetAsync(4, "http://_admin.orders/");

        Assert.Equal((0, 4), (plain.Count, admin.Count));
    }

    [Fact]
    public async Task The_synchronous_Send_finds_endpoints_too()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        await using var client = Client(Service("api", fleet));

        await Task.Run(() =>
        {
            for (var i = 0; i < 4; i++)
            {
                client.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/")).Dispose();
            }
        });

        Assert.Equal([2, 2], fleet.Counts);
    }

    [Fact]
    public async Task Names_pass_through_without_a_configuration_in_the_container()
    {
        await using var backend = await Backend.StartAsync();
        await using var client = BalancedClient.Create(static builder => builder.AddLoadBalancing());

        await client.GetAsync(2, $"http://localhost:{backend.Port}/");

        Assert.Null(client.Services.GetService<IConfiguration>());
        Assert.Equal(2, backend.Count);
    }

    [Fact]
    public async Task A_drain_by_hand_outlasts_a_reload()
    {
        await using var fleet = await BackendFleet.StartAsync(3);
        var configuration = new ReloadableConfiguration(Service("api", fleet.Take(2)));
        await using var client = Client(configuration);
        await client.GetAsync(2);
        Assert.True(client.Cluster.TryDrain(fleet[0].Address));

        configuration.Replace(Service("api", fleet));
        await Eventually.Equal(3, () => client.Endpoints.Count);
        await client.GetAsync(10);

        Assert.Equal([1, 6, 5], fleet.Counts);
    }

    private static void RoundRobin(LoadBalancingOptions options) => options.Strategy = LoadBalancingStrategies.RoundRobin;

    private static Action<IServiceCollection> WithConfiguration(ReloadableConfiguration configuration) =>
        services => services.AddSingleton<IConfiguration>(configuration.Root);

    private static (string Key, string Value)[] Service(string name, params IEnumerable<Backend> backends) =>
        [.. backends.Select((backend, i) => ($"Services:{name}:{backend.Address.Scheme}:{i}", backend.Address.ToString()))];

    private static BalancedClient Client(params (string Key, string Value)[] settings) => Client(new ReloadableConfiguration(settings));

    private static BalancedClient Client(ReloadableConfiguration configuration) =>
        BalancedClient.Create(static builder => builder.AddLoadBalancing(RoundRobin), WithConfiguration(configuration));
}
