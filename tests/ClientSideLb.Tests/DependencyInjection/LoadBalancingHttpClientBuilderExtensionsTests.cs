using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Tests;

public sealed class LoadBalancingHttpClientBuilderExtensionsTests : IDisposable
{
    private readonly ServiceCollection _services = new();
    private readonly StubBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void A_client_without_a_base_address_gets_its_own_name()
    {
        Add("api").AddLoadBalancing();

        Assert.Equal(new Uri("https+http://api/"), Create("api").BaseAddress);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_base_address_that_the_user_sets_wins_whether_before_or_after(bool before)
    {
        var builder = before ? Add("api") : Add("api").AddLoadBalancing();
        builder.ConfigureHttpClient(static client => client.BaseAddress = new Uri("https://orders/v1/"));
        if (before)
        {
            builder.AddLoadBalancing();
        }

        Assert.Equal(new Uri("https://orders/v1/"), Create("api").BaseAddress);
    }

    [Fact]
    public void Static_endpoints_make_a_cluster_named_by_the_host_of_the_base_address()
    {
        Add("api", static client => client.BaseAddress = new Uri("https://orders/v1/")).AddLoadBalancing(One("http://10.0.0.1"));
        using var provider = Build();
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        var cluster = Assert.Single(provider.GetRequiredService<IClusterRegistry>().Clusters);

        Assert.Equal(("api", "orders"), (cluster.ClientName, cluster.ServiceName));
    }

    [Fact]
    public void Static_endpoints_make_a_cluster_named_by_the_client_if_there_is_no_base_address()
    {
        Add("api").AddLoadBalancing(One("http://10.0.0.1"));
        using var provider = Build();
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Assert.Equal("api", Assert.Single(provider.GetRequiredService<IClusterRegistry>().Clusters).ServiceName);
    }

    [Fact]
    public async Task A_request_to_the_service_goes_to_a_static_endpoint_and_one_to_another_host_to_that_host()
    {
        Add("api").AddLoadBalancing(One("http://10.0.0.1:5000/base/"));
        using var client = Create("api");

        await client.GetAsync("/a?b");
        await client.GetAsync("http://elsewhere.example/c");

        Assert.Equal(["http://10.0.0.1:5000/base/a?b", "http://elsewhere.example/c"], _backend.Addresses.Select(static address => address.AbsoluteUri));
    }

    [Fact]
    public void A_synchronous_request_is_balanced_too()
    {
        Add("api").AddLoadBalancing(One("http://10.0.0.1"));
        using var client = Create("api");

        using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, "/a"));

        Assert.Equal("http://10.0.0.1/a", Assert.Single(_backend.Addresses).AbsoluteUri);
        Assert.Equal("10.0.0.1", response.RequestMessage!.GetEndpoint()!.Address.Host);
    }

    [Fact]
    public async Task A_second_call_configures_the_same_balancer_further()
    {
        Add("api").AddLoadBalancing(One("http://10.0.0.1")).AddLoadBalancing(One("http://10.0.0.2"))
            .AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.RoundRobin);
        using var provider = Build();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        for (var i = 0; i < 4; i++)
        {
            await client.GetAsync("/");
        }

        Assert.Single(HandlersOf(provider, "api").OfType<LoadBalancingHandler>());
        Assert.Equal(2, _backend.Addresses.Distinct().Count());
        Assert.Equal("RoundRobin", Assert.Single(provider.GetRequiredService<IClusterRegistry>().Clusters).Strategy);
    }

    [Fact]
    public async Task Clients_have_clusters_and_options_of_their_own()
    {
        Add("one").AddLoadBalancing(One("http://10.0.0.1"));
        Add("two").AddLoadBalancing(One("http://10.0.0.2"));
        Add("unbalanced", static client => client.BaseAddress = new Uri("http://unbalanced/"));
        using var provider = Build();
        var factory = provider.GetRequiredService<IHttpClientFactory>();

        foreach (var name in new[] { "one", "two", "unbalanced" })
        {
            await factory.CreateClient(name).GetAsync("/");
        }

        Assert.Equal(["10.0.0.1", "10.0.0.2", "unbalanced"], _backend.Addresses.Select(static address => address.Host));
        Assert.Equal(["one", "two"], provider.GetRequiredService<IClusterRegistry>().Clusters.Select(static cluster => cluster.ClientName).Order());
    }

    [Fact]
    public async Task AddLoadBalancing_for_all_clients_gives_each_a_balancer_and_a_cluster_of_its_own()
    {
        _services.ConfigureHttpClientDefaults(builder => builder
            .ConfigurePrimaryHttpMessageHandler(() => _backend)
            .AddLoadBalancing(One("http://10.0.0.1")));
        _services.AddHttpClient("one");
        _services.AddHttpClient("two").AddLoadBalancing(One("http://10.0.0.2"));
        using var provider = Build();
        var factory = provider.GetRequiredService<IHttpClientFactory>();

        foreach (var name in new[] { "one", "two", "never-named" })
        {
            Assert.Single(HandlersOf(provider, name).OfType<LoadBalancingHandler>());
            Assert.Equal(new Uri($"https+http://{name}/"), factory.CreateClient(name).BaseAddress);
            await factory.CreateClient(name).GetAsync("/");
        }

        var clusters = provider.GetRequiredService<IClusterRegistry>().Clusters.ToDictionary(static cluster => cluster.ClientName);
        Assert.Equal((1, 2, 1), (clusters["one"].Endpoints.Count, clusters["two"].Endpoints.Count, clusters["never-named"].Endpoints.Count));
    }

    [Fact]
    public void The_primary_handler_for_sockets_leaves_the_balancing_of_gRPC_to_the_balancer()
    {
        SocketsHttpHandler? sockets = null;
        _services.AddHttpClient("api").AddLoadBalancing().UseSocketsHttpHandler((handler, _) => sockets = handler);
        using var others = new SocketsHttpHandler();
        _services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => others);
        using var provider = Build();
        var factory = provider.GetRequiredService<IHttpMessageHandlerFactory>();

        factory.CreateHandler("api");
        factory.CreateHandler("other");

        Assert.Equal(true, sockets!.Properties["__GrpcLoadBalancingDisabled"]);
        Assert.DoesNotContain("__GrpcLoadBalancingDisabled", others.Properties);
    }

    [Fact]
    public async Task Faulty_options_stop_the_host_at_its_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHttpClient("good").AddLoadBalancing();
        builder.Services.AddHttpClient("api").AddLoadBalancing(static options => options.Strategy = "RoundRobbing");
        using var host = builder.Build();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("'RoundRobbing'", Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faulty_options_for_all_clients_stop_the_host_at_its_start_too()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.ConfigureHttpClientDefaults(static client => client.AddLoadBalancing(static options => options.Strategy = "RoundRobbing"));
        using var host = builder.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public async Task A_typed_client_of_a_generic_type_works()
    {
        _services.AddHttpClient<Typed<List<int>>>().ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing(One("http://10.0.0.1"));
        using var provider = Build();

        await provider.GetRequiredService<Typed<List<int>>>().Client.GetAsync("/a");

        Assert.Equal("http://10.0.0.1/a", Assert.Single(_backend.Addresses).AbsoluteUri);
    }

    [Fact]
    public async Task The_refusal_of_a_relative_address_says_what_to_do()
    {
        Add("api").AddLoadBalancing();
        using var provider = Build();
        using var invoker = new HttpMessageInvoker(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("api"));

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri("/a?token=secret", UriKind.Relative)), default));

        Assert.Contains("BaseAddress", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'/a'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_that_are_null_are_refused()
    {
        var builder = Add("api");

        Assert.Throws<ArgumentNullException>("builder", () => default(IHttpClientBuilder)!.AddLoadBalancing());
        Assert.Throws<ArgumentNullException>("configure", () => builder.AddLoadBalancing(default(Action<LoadBalancingOptions>)!));
        Assert.Throws<ArgumentNullException>("section", () => builder.AddLoadBalancing(default(Microsoft.Extensions.Configuration.IConfiguration)!));
        Assert.Throws<ArgumentNullException>("services", () => default(IServiceCollection)!.AddLoadBalancingStrategy<Custom>());
    }

    [Fact]
    public async Task A_custom_strategy_is_used_by_its_name()
    {
        _services.AddLoadBalancingStrategy<Custom>().AddLoadBalancingStrategy<Custom>();
        Add("api").AddLoadBalancing(One("http://10.0.0.1")).AddLoadBalancing(One("http://10.0.0.2"))
            .AddLoadBalancing(static options => options.Strategy = "always-last");
        using var client = Create("api");

        for (var i = 0; i < 5; i++)
        {
            await client.GetAsync("/");
        }

        Assert.All(_backend.Addresses, static address => Assert.Equal("10.0.0.2", address.Host));
    }

    [Fact]
    public void A_custom_strategy_with_the_name_of_another_is_refused()
    {
        _services.AddLoadBalancingStrategy<Custom>().AddLoadBalancingStrategy<Namesake>();
        Add("api").AddLoadBalancing();

        var fault = Assert.Throws<InvalidOperationException>(() => Create("api"));

        Assert.Contains(nameof(Custom), fault.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Namesake), fault.Message, StringComparison.Ordinal);
    }

    private static Action<LoadBalancingOptions> One(string address) =>
        options => options.Endpoints.Add(new EndpointOptions { Address = new Uri(address) });

    private static IEnumerable<HttpMessageHandler> HandlersOf(IServiceProvider provider, string name)
    {
        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
        for (HttpMessageHandler? one = handler; one is not null; one = (one as DelegatingHandler)?.InnerHandler)
        {
            yield return one;
        }
    }

    private IHttpClientBuilder Add(string name, Action<HttpClient>? configure = null) =>
        _services.AddHttpClient(name, configure ?? (static _ => { })).ConfigurePrimaryHttpMessageHandler(() => _backend);

    private ServiceProvider Build() => _services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    private HttpClient Create(string name) => Build().GetRequiredService<IHttpClientFactory>().CreateClient(name);

    private sealed class Typed<T>(HttpClient client)
    {
        internal HttpClient Client => client;
    }

    private class Custom : ILoadBalancingStrategy
    {
        public string Name => "Always-Last";

        public EndpointPicker CreatePicker(EndpointSet endpoints) => new StubStrategy(Name, static set => set.Available[^1]).CreatePicker(endpoints);
    }

    private sealed class Namesake : Custom;
}
