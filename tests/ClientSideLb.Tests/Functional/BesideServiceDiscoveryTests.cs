using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Tests.Functional;

/// <summary>
/// Clients that have <c>AddServiceDiscovery()</c> as well, as with the defaults of .NET Aspire's template. The balancer takes its place.
/// </summary>
public sealed class BesideServiceDiscoveryTests : IAsyncDisposable
{
    private const int DiscoveryReplaced = 31;

    private readonly HostApplicationBuilder _application = Host.CreateEmptyApplicationBuilder(settings: null);
    private readonly Lazy<IHost> _host;

    public BesideServiceDiscoveryTests()
    {
        _host = new Lazy<IHost>(_application.Build);
        _application.Services.AddFakeLogging();
        _application.Services.AddServiceDiscovery();
        Defaults(static client => client.UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false));
    }

    public enum Arrangement
    {
        DiscoveryInTheDefaults,
        DiscoveryAndResilienceInTheDefaults,
        BalancingInTheDefaults,
        BothInTheDefaultsDiscoveryFirst,
        BothInTheDefaultsBalancingFirst,
        BothOnTheClientDiscoveryFirst,
        BothOnTheClientBalancingFirst,
        BothInBoth,
    }

    private IServiceProvider Services => _host.Value.Services;

    private List<string> Replaced =>
        [.. Services.GetRequiredService<FakeLogCollector>().GetSnapshot().Where(static line => line.Id.Id == DiscoveryReplaced).Select(static line => line.Message)];

    public async ValueTask DisposeAsync()
    {
        await _host.Value.StopAsync();
        _host.Value.Dispose();
    }

    [Theory]
    [InlineData(Arrangement.DiscoveryInTheDefaults)]
    [InlineData(Arrangement.DiscoveryAndResilienceInTheDefaults)]
    [InlineData(Arrangement.BalancingInTheDefaults)]
    [InlineData(Arrangement.BothInTheDefaultsDiscoveryFirst)]
    [InlineData(Arrangement.BothInTheDefaultsBalancingFirst)]
    [InlineData(Arrangement.BothOnTheClientDiscoveryFirst)]
    [InlineData(Arrangement.BothOnTheClientBalancingFirst)]
    [InlineData(Arrangement.BothInBoth)]
    public async Task The_balancer_takes_the_place_of_service_discovery_and_says_so_once(Arrangement arrangement)
    {
        await using var fleet = await StartAsync(3);
        Arrange(arrangement, _application.Services.AddHttpClient("api"));
        await _host.Value.StartAsync();
        using var client = Client("api");

        for (var i = 0; i < 30; i++)
        {
            (await client.GetAsync("http://api/")).EnsureSuccessStatusCode().Dispose();
        }

        Assert.Equal([10, 10, 10], fleet.Counts);
        Assert.Equal((true, false), KindsOf("api"));
        Assert.Contains("'api'", Assert.Single(Replaced), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Arrangement.DiscoveryInTheDefaults)]
    [InlineData(Arrangement.BothInTheDefaultsDiscoveryFirst)]
    public async Task A_typed_client_is_balanced_as_any_other(Arrangement arrangement)
    {
        await using var fleet = await StartAsync(2);
        Arrange(arrangement, _application.Services.AddHttpClient<TypedClient>(static client => client.BaseAddress = new Uri("https+http://api")));
        var client = Services.GetRequiredService<TypedClient>();

        for (var i = 0; i < 10; i++)
        {
            await client.GetAsync();
        }

        Assert.Equal([5, 5], fleet.Counts);
        Assert.Equal((true, false), KindsOf(nameof(TypedClient)));
    }

    [Fact]
    public async Task Other_clients_keep_their_service_discovery()
    {
        await using var fleet = await StartAsync(1);
        Arrange(Arrangement.DiscoveryInTheDefaults, _application.Services.AddHttpClient("api"));

        (await Client("api").GetAsync("http://api/")).EnsureSuccessStatusCode();
        (await Client("other").GetAsync("http://api/")).EnsureSuccessStatusCode();

        Assert.Equal([2], fleet.Counts);
        Assert.Equal((true, false), KindsOf("api"));
        Assert.Equal((false, true), KindsOf("other"));
        Assert.Single(Replaced);
    }

    [Fact]
    public async Task A_client_without_service_discovery_logs_nothing()
    {
        await using var fleet = await StartAsync(1);
        _application.Services.AddHttpClient("api").AddLoadBalancing();

        (await Client("api").GetAsync("/")).EnsureSuccessStatusCode();

        Assert.Empty(Replaced);
    }

    [Fact]
    public async Task Handlers_that_are_made_anew_log_nothing_more()
    {
        await using var fleet = await StartAsync(1);
        Arrange(Arrangement.DiscoveryInTheDefaults, _application.Services.AddHttpClient("api").SetHandlerLifetime(TimeSpan.FromSeconds(1)));
        var handlers = Services.GetRequiredService<IHttpMessageHandlerFactory>();
        var first = handlers.CreateHandler("api");

        await Eventually.True(() => handlers.CreateHandler("api") != first, "a second handler is in use");

        (await Client("api").GetAsync("/")).EnsureSuccessStatusCode();
        Assert.Equal((true, false), KindsOf("api"));
        Assert.Single(Replaced);
    }

    [Fact]
    public async Task Retries_of_the_defaults_go_to_endpoints_not_tried_yet()
    {
        await using var fleet = await StartAsync(3, static context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        Defaults(static client =>
        {
            client.AddStandardResilienceHandler(static options => options.Retry.Delay = TimeSpan.Zero);
            client.AddServiceDiscovery();
        });
        _application.Services.AddHttpClient("api").AddLoadBalancing(static options => options.Failover.Enabled = false);

        using var response = await Client("api").GetAsync("/");

        Assert.Equal(4, fleet.Counts.Sum());
        Assert.All(fleet.Counts, static count => Assert.InRange(count, 1, 2));
    }

    [Fact]
    public async Task The_environment_variables_of_Aspire_name_the_endpoints()
    {
        await using var fleet = await BackendFleet.StartAsync(2);
        var variables = fleet.Select(static (backend, index) => (
            Name: string.Create(CultureInfo.InvariantCulture, $"services__besideaspire__http__{index}"), Value: backend.Address.ToString())).ToList();
        variables.ForEach(static variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
        try
        {
            _application.Configuration.AddEnvironmentVariables();
            Arrange(Arrangement.DiscoveryAndResilienceInTheDefaults, _application.Services.AddHttpClient("besideaspire"));
            for (var i = 0; i < 10; i++)
            {
                (await Client("besideaspire").GetAsync("/")).EnsureSuccessStatusCode();
            }
        }
        finally
        {
            variables.ForEach(static variable => Environment.SetEnvironmentVariable(variable.Name, null));
        }

        Assert.Equal([5, 5], fleet.Counts);
    }

    private static void Balance(IHttpClientBuilder builder) => builder.AddLoadBalancing(static options => options.Strategy = LoadBalancingStrategies.RoundRobin);

    private void Defaults(Action<IHttpClientBuilder> configure) => _application.Services.ConfigureHttpClientDefaults(configure);

    private void Arrange(Arrangement arrangement, IHttpClientBuilder client)
    {
        switch (arrangement)
        {
            case Arrangement.DiscoveryInTheDefaults:
                Defaults(static all => all.AddServiceDiscovery());
                Balance(client);
                break;
            case Arrangement.DiscoveryAndResilienceInTheDefaults:
                Defaults(static all =>
                {
                    all.AddStandardResilienceHandler();
                    all.AddServiceDiscovery();
                });
                Balance(client);
                break;
            case Arrangement.BalancingInTheDefaults:
                Defaults(Balance);
                client.AddServiceDiscovery();
                break;
            case Arrangement.BothInTheDefaultsDiscoveryFirst:
                Defaults(static all => Balance(all.AddServiceDiscovery()));
                break;
            case Arrangement.BothInTheDefaultsBalancingFirst:
                Defaults(static all =>
                {
                    Balance(all);
                    all.AddServiceDiscovery();
                });
                break;
            case Arrangement.BothOnTheClientDiscoveryFirst:
                Balance(client.AddServiceDiscovery());
                break;
            case Arrangement.BothOnTheClientBalancingFirst:
                Balance(client);
                client.AddServiceDiscovery();
                break;
            case Arrangement.BothInBoth:
                Defaults(static all => Balance(all.AddServiceDiscovery()));
                Balance(client.AddServiceDiscovery());
                break;
        }
    }

    private async Task<BackendFleet> StartAsync(int count, Microsoft.AspNetCore.Http.RequestDelegate? handle = null)
    {
        var fleet = await BackendFleet.StartAsync(count, handle);
        _application.Configuration.AddInMemoryCollection(
            fleet.Select((backend, index) => KeyValuePair.Create($"services:api:http:{index}", (string?)backend.Address.ToString())));
        return fleet;
    }

    private HttpClient Client(string name) => Services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    private (bool Balances, bool AsksServiceDiscovery) KindsOf(string name)
    {
        var names = new List<string>();
        for (HttpMessageHandler? handler = Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name); handler is not null; handler = (handler as DelegatingHandler)?.InnerHandler)
        {
            names.Add(handler.GetType().Name);
        }

        return (names.Contains("LoadBalancingHandler"), names.Contains("ResolvingHttpDelegatingHandler"));
    }

    private sealed class TypedClient(HttpClient http)
    {
        internal async Task GetAsync() => (await http.GetAsync(new Uri("/", UriKind.Relative))).EnsureSuccessStatusCode().Dispose();
    }
}
