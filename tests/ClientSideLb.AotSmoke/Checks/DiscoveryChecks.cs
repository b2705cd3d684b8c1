using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AotSmoke.Checks;

internal static class DiscoveryChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("services in configuration are found", FindAsync);
        await runner.CheckAsync("a change of a service's endpoints is noticed", ChangeAsync);
        await runner.CheckAsync("a name that is no service's is passed through", PassThroughAsync);
        await runner.CheckAsync("one setup balances all clients", AllClientsAsync);
    }

    private static async Task FindAsync()
    {
        using var backends = new Backends(2);
        await using var provider = Build(out _, backends, static services => services.AddHttpClient("api").AddLoadBalancing());
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var i = 0; i < 100; i++)
        {
            await client.GetStringAsync("/");
        }

        Expect.Equal("https+http://api/", client.BaseAddress!.ToString());
        Expect.Equal(false, backends.Requests.Split(' ').Contains("0"));
        Expect.Equal("api", provider.GetRequiredService<IClusterRegistry>().Clusters.Single().ServiceName);
    }

    private static async Task ChangeAsync()
    {
        using var backends = new Backends(2);
        await using var provider = Build(out var configuration, backends, static services => services.AddHttpClient("api").AddLoadBalancing());
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await client.GetStringAsync("/");

        configuration["Services:api:http:0"] = backends[1].Address.ToString();
        configuration.Reload();

        var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();
        await Expect.SoonAsync(() => Task.FromResult(cluster.Endpoints.Count == 1));
        Expect.Contains("b ", await client.GetStringAsync("/"));
    }

    private static async Task PassThroughAsync()
    {
        using var backends = new Backends(1);
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        Expect.Contains("a 127.0.0.1", await client.GetStringAsync(new Uri(backends[0].Address, "/x")));
        Expect.Equal(0, provider.GetRequiredService<IClusterRegistry>().Clusters.Count);
    }

    private static async Task AllClientsAsync()
    {
        using var backends = new Backends(2);
        await using var provider = Build(out _, backends, static services =>
        {
            services.ConfigureHttpClientDefaults(static builder => builder.AddLoadBalancing(static options => options.Strategy = "RoundRobin"));
            services.AddHttpClient<ApiClient>(static client => client.BaseAddress = new Uri("http://api"));
        });
        var client = provider.GetRequiredService<ApiClient>();
        for (var i = 0; i < 4; i++)
        {
            await client.GetAsync();
        }

        Expect.Equal("2 2", backends.Requests);
    }

    private static ServiceProvider Build(out IConfigurationRoot configuration, Backends backends, Action<IServiceCollection> configure)
    {
        configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Services:api:http:0"] = backends[0].Address.ToString(),
                ["Services:api:http:1"] = backends[1].Address.ToString(),
            })
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        configure(services);
        return services.BuildServiceProvider();
    }

    private sealed class ApiClient(HttpClient client)
    {
        internal Task<string> GetAsync() => client.GetStringAsync("/");
    }
}
