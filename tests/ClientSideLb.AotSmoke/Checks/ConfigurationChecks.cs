using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb.AotSmoke.Checks;

internal static class ConfigurationChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("every option is bound from configuration", BindAsync);
        await runner.CheckAsync("endpoints from configuration get requests, with the service's Host header", SendAsync);
        await runner.CheckAsync("a reload changes endpoints and strategy", ReloadAsync);
        await runner.CheckAsync("a faulty reload is logged and the old options stay", FaultyReloadAsync);
    }

    private static async Task BindAsync()
    {
        var configuration = Read(new()
        {
            ["Strategy"] = "ConsistentHash",
            ["Endpoints:0:Address"] = "https://10.0.0.1:8443/base",
            ["Endpoints:0:Weight"] = "7",
            ["Endpoints:0:Zone"] = "north",
            ["Endpoints:1:Address"] = "http://10.0.0.2",
            ["HashKey"] = "header:X-User",
            ["HostHeader"] = "Service",
            ["ConsistentHash:PointsPerWeight"] = "10",
            ["ConsistentHash:EnvoyCompatible"] = "true",
            ["ConsistentHash:MinRingSize"] = "20",
            ["ConsistentHash:MaxRingSize"] = "30",
            ["ConsistentHash:LoadFactor"] = "1.5",
            ["Maglev:TableSize"] = "17",
            ["Maglev:LoadFactor"] = "1.25",
        });
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration);
        await using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<LoadBalancingOptions>>().Get("api");
        var ring = options.ConsistentHash;
        Expect.Equal(("ConsistentHash", "header:X-User", HostHeaderMode.Service), (options.Strategy, options.HashKey, options.HostHeader));
        Expect.Equal((10, true, 20, 30), (ring.PointsPerWeight, ring.EnvoyCompatible, ring.MinRingSize, ring.MaxRingSize));
        Expect.Equal((1.5, 17, 1.25), (ring.LoadFactor, options.Maglev.TableSize, options.Maglev.LoadFactor));
        Expect.Equal(
            "https://10.0.0.1:8443/base 7 north, http://10.0.0.2/ 1 ",
            string.Join(", ", options.Endpoints.Select(static endpoint => $"{endpoint.Address} {endpoint.Weight} {endpoint.Zone}")));
    }

    private static async Task SendAsync()
    {
        using var backends = new Backends(2);
        var configuration = Read(new()
        {
            ["Strategy"] = "consistenthash",
            ["Endpoints:0:Address"] = $"{backends[0].Address}base",
            ["Endpoints:1:Address"] = $"{backends[1].Address}base",
            ["HashKey"] = "query:user",
            ["HostHeader"] = "Service",
            ["ConsistentHash:EnvoyCompatible"] = "true",
        });
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration);
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var answers = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add(await client.GetStringAsync($"/x%2Fy?user=7"));
        }

        Expect.Equal(1, answers.Count);
        Expect.Contains(" api /base/x%2Fy?user=7", answers.Single());
    }

    private static async Task ReloadAsync()
    {
        using var backends = new Backends(2);
        var configuration = Read(new() { ["Strategy"] = "RoundRobin", ["Endpoints:0:Address"] = backends[0].Address.ToString() });
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(configuration);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await client.GetStringAsync("/");

        configuration["Strategy"] = "WeightedRoundRobin";
        configuration["Endpoints:1:Address"] = backends[1].Address.ToString();
        configuration["Endpoints:1:Weight"] = "3";
        configuration.Reload();

        var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();
        Expect.Equal(("WeightedRoundRobin", 2), (cluster.Strategy, cluster.Endpoints.Count));
        for (var i = 0; i < 8; i++)
        {
            await client.GetStringAsync("/");
        }

        Expect.Equal("3 6", backends.Requests);
    }

    private static async Task FaultyReloadAsync()
    {
        using var backends = new Backends(1);
        using var log = new LogLines();
        var configuration = Read(new() { ["Endpoints:0:Address"] = backends[0].Address.ToString() });
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddHttpClient("api").AddLoadBalancing(configuration);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        await client.GetStringAsync("/");

        configuration["Endpoints:0:Weight"] = "many";
        configuration.Reload();
        await client.GetStringAsync("/");
        configuration["Endpoints:0:Weight"] = "-1";
        configuration.Reload();
        await client.GetStringAsync("/");

        Expect.Equal("3", backends.Requests);
        Expect.Contains("Error Client 'api': the changed load balancing options are not valid", log.Text);
        Expect.Contains("Endpoints[0].Weight is -1; expected 0 (drained) to 65535.", log.Text);
    }

    private static IConfigurationRoot Read(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();
}
