using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.AotSmoke.Checks;

internal static class TrafficChecks
{
    internal static async Task RunAsync(CheckRunner runner)
    {
        await runner.CheckAsync("the synchronous Send is balanced", SynchronousAsync);
        await runner.CheckAsync("a streamed response is in flight until its end", StreamAsync);
        await runner.CheckAsync("a drained endpoint gets no requests until it is resumed", DrainAsync);
        await runner.CheckAsync("a container can be disposed of without await", DisposeAsync);
    }

    private static async Task SynchronousAsync()
    {
        using var backends = new Backends(2);
        await using var provider = Build(backends);
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/sync");
            using var response = client.Send(request);
            using var reader = new StreamReader(response.Content.ReadAsStream());
            Expect.Contains("/sync", reader.ReadToEnd());
        }

        Expect.Equal("2 2", backends.Requests);
    }

    private static async Task StreamAsync()
    {
        using var backends = new Backends(1);
        await using var provider = Build(backends);
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var endpoint = provider.GetRequiredService<IClusterRegistry>().Clusters.Single().Endpoints.Single();

        using var response = await client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[5];
        await stream.ReadExactlyAsync(buffer);
        Expect.Equal("first", Encoding.ASCII.GetString(buffer));
        Expect.Equal((1, EndpointHealth.Healthy, true), (endpoint.InFlight, endpoint.Health, endpoint.Latency > TimeSpan.Zero));

        backends[0].EndStreams();
        using var reader = new StreamReader(stream);
        Expect.Equal("last", await reader.ReadToEndAsync());
        Expect.Equal(0, endpoint.InFlight);
    }

    private static async Task DrainAsync()
    {
        using var backends = new Backends(2);
        await using var provider = Build(backends);
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var cluster = provider.GetRequiredService<IClusterRegistry>().Clusters.Single();

        Expect.Equal(true, cluster.TryDrain(backends[0].Address));
        for (var i = 0; i < 4; i++)
        {
            await client.GetStringAsync("/");
        }

        Expect.Equal("0 4", backends.Requests);
        Expect.Equal(true, cluster.TryResume(backends[0].Address));
        for (var i = 0; i < 4; i++)
        {
            await client.GetStringAsync("/");
        }

        Expect.Equal("2 6", backends.Requests);
    }

    private static async Task DisposeAsync()
    {
        using var backends = new Backends(1);
        using (var provider = Build(backends))
        {
            var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            await client.GetStringAsync("/");
        }
    }

    private static ServiceProvider Build(Backends backends)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(options =>
        {
            options.Strategy = LoadBalancingStrategies.RoundRobin;
            backends.AddTo(options);
        });
        return services.BuildServiceProvider();
    }
}
