using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AotSmoke.Checks;

internal static class StrategyChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("round robin takes turns", () => SpreadAsync(LoadBalancingStrategies.RoundRobin, "8 8 8"));
        await runner.CheckAsync("weighted round robin keeps to the weights", () => SpreadAsync(LoadBalancingStrategies.WeightedRoundRobin, "16 4 4"));
        await runner.CheckAsync("random reaches all endpoints", () => SpreadAsync(LoadBalancingStrategies.Random));
        await runner.CheckAsync("least connections reaches all endpoints", () => SpreadAsync(LoadBalancingStrategies.LeastConnections));
        await runner.CheckAsync("power of two choices reaches all endpoints", () => SpreadAsync(LoadBalancingStrategies.PowerOfTwoChoices));
        await runner.CheckAsync("peak EWMA reaches all endpoints", SpreadAtOnceAsync);
        await runner.CheckAsync("IP hash keeps a caller at its endpoint", () =>
            StickAsync(LoadBalancingStrategies.IpHash, static (request, key) => request.SetClientIp(new IPAddress([192, 0, 2, (byte)key]))));
        await runner.CheckAsync("consistent hashing keeps a key at its endpoint", () =>
            StickAsync(LoadBalancingStrategies.ConsistentHash, static (request, key) => request.SetHashKey($"user-{key}")));
        await runner.CheckAsync("Maglev hashing keeps a key at its endpoint", () =>
            StickAsync(LoadBalancingStrategies.Maglev, static (request, key) => request.SetHashKey($"user-{key}")));
        await runner.CheckAsync("a strategy of one's own is made by the container", OwnAsync);
        await runner.CheckAsync("a picker that overrides OnAttemptEnded learns from each attempt", ObservingAsync);
    }

    private static async Task SpreadAsync(string strategy, string? expected = null)
    {
        using var backends = new Backends(3);
        await using var services = Build(strategy, backends);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        // That 400 draws leave an endpoint out is not to be expected in anyone's lifetime.
        var requests = expected is null ? 400 : 24;
        for (var i = 0; i < requests; i++)
        {
            await client.GetStringAsync($"/{i}");
        }

        if (expected is not null)
        {
            Expect.Equal(expected, backends.Requests);
        }

        Expect.Equal(false, backends.Requests.Split(' ').Contains("0"));
    }

    // One after the other may all go to the endpoint that answers fastest.
    private static async Task SpreadAtOnceAsync()
    {
        using var backends = new Backends(3);
        await using var services = Build(LoadBalancingStrategies.PeakEwma, backends);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => client.GetStringAsync($"/{i}")));

        Expect.Equal(false, backends.Requests.Split(' ').Contains("0"));
    }

    private static async Task StickAsync(string strategy, Action<HttpRequestMessage, int> setKey)
    {
        using var backends = new Backends(3);
        await using var services = Build(strategy, backends);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var key = 0; key < 10; key++)
        {
            var first = await SendAsync(client, setKey, key);
            for (var i = 0; i < 3; i++)
            {
                Expect.Equal(first, await SendAsync(client, setKey, key));
            }
        }
    }

    private static async Task<ClusterEndpoint> SendAsync(HttpClient client, Action<HttpRequestMessage, int> setKey, int key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        setKey(request, key);
        using var response = await client.SendAsync(request);
        return response.RequestMessage!.GetEndpoint()!;
    }

    private static async Task OwnAsync()
    {
        using var backends = new Backends(4);
        var services = new ServiceCollection();
        services.AddSingleton(new EveryOtherStrategy.Settings(First: 1));
        services.AddLoadBalancingStrategy<EveryOtherStrategy>();
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = "everyother";
            backends.AddTo(options);
        });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var i = 0; i < 4; i++)
        {
            await client.GetStringAsync("/");
        }

        Expect.Equal("0 2 0 2", backends.Requests);
    }

    private static async Task ObservingAsync()
    {
        using var backends = new Backends(2);
        var services = new ServiceCollection();
        services.AddSingleton<ObservingStrategy.Results>();
        services.AddLoadBalancingStrategy<ObservingStrategy>();
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = "Observing";
            backends.AddTo(options);
        });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var i = 0; i < 4; i++)
        {
            await client.GetStringAsync("/");
        }

        var results = provider.GetRequiredService<ObservingStrategy.Results>();
        Expect.Equal((4, 4), (results.Count, results.Timed));
    }

    private static ServiceProvider Build(string strategy, Backends backends)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = strategy;
            backends.AddTo(options, 4, 1, 1);
        });
        return services.BuildServiceProvider();
    }
}
