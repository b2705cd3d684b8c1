using System.Runtime.CompilerServices;
using ClientSideLb.Consul.Tests.Support;
using ClientSideLb.Dns.Tests.Support;
using ClientSideLb.Kubernetes.Tests.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Discovery.Tests;

/// <summary>A container that is dropped without being disposed is collected, and its watches end.</summary>
public sealed class DroppedContainerTests
{
    [Fact]
    public async Task Consul_is_asked_no_more()
    {
        await using var consul = await TestConsul.StartNewAsync();
        consul.Set("api", new Registration("a", "10.0.0.1", 80));

        var dropped = await UseAndDropAsync(services => services.AddConsulDiscovery(options => options.Address = consul.Address), () => consul.Held == 1);

        await CollectedAsync(dropped, () => consul.Held == 0);
    }

    [Fact]
    public async Task Kubernetes_is_watched_no_more()
    {
        await using var server = await ApiServer.StartNewAsync();
        server.SetSlice(Objects.Slice("api-a", [Objects.Pod("10.0.0.1")], space: "default"));

        var dropped = await UseAndDropAsync(services => services.AddKubernetesDiscovery(options => options.ApiServer = server.Address), () => server.Watches.Any());

        await CollectedAsync(dropped, () => !server.Watches.Any());
    }

    [Fact]
    public async Task Dns_is_asked_no_more()
    {
        await using var server = new StubDnsServer();
        server.AnswerAddresses("api", 1, "10.0.0.1");

        var dropped = await UseAndDropAsync(services => services.AddDnsDiscovery(options => options.Servers.Add(server.Address)), () => !server.Queries.IsEmpty);

        await CollectedAsync(dropped, static () => true);
        var asked = -1;
        await Eventually.TrueAsync(
            async () =>
            {
                // Each pause is longer than the time to live with its jitter.
                var before = asked;
                asked = server.Queries.Count;
                await Task.Delay(TimeSpan.FromSeconds(2.5));
                return asked == before;
            },
            "no more query for more than twice the time to live");
    }

    private static async Task CollectedAsync(WeakReference dropped, Func<bool> hasEnded)
    {
        await Eventually.TrueAsync(() => Collect() && !dropped.IsAlive, "the container is collected");
        await Eventually.TrueAsync(() => Collect() && hasEnded(), "the watch has ended");
    }

    private static bool Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return true;
    }

    // The factory's own timer keeps a handler, and with it the container, until the handler's lifetime has passed. So it is infinite here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndDropAsync(Action<IServiceCollection> add, Func<bool> isWatched)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        add(services);
        services.AddHttpClient("client").SetHandlerLifetime(Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(static () => new Silent()).AddLoadBalancing();
        var container = services.BuildServiceProvider();
        using (var client = container.GetRequiredService<IHttpClientFactory>().CreateClient("client"))
        using (await client.GetAsync(new Uri("http://api/")))
        {
            Assert.Single(Assert.Single(container.GetRequiredService<IClusterRegistry>().Clusters).Endpoints);
        }

        await Eventually.TrueAsync(isWatched, "the service is watched");
        return new WeakReference(container);
    }

    private sealed class Silent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
