using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ClientSideLb.PublicApi.Tests;

/// <summary>A container with one balanced client. Its strategy, its backends and its time are the test's.</summary>
internal sealed class BalancedClient : IDisposable
{
    private readonly ServiceProvider _provider;

    /// <summary>Creates a client with a strategy that is there already.</summary>
    internal BalancedClient(
        ILoadBalancingStrategy strategy,
        string[] addresses,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? backends = null,
        Action<LoadBalancingOptions>? configure = null,
        FakeTimeProvider? time = null)
        : this(services => services.AddSingleton(strategy), strategy.Name, addresses, backends, configure, time)
    {
    }

    /// <summary>Creates a client. By default each answer is 200, and time stands still until the test moves it.</summary>
    internal BalancedClient(
        Action<IServiceCollection> addStrategy,
        string strategyName,
        string[] addresses,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? backends = null,
        Action<LoadBalancingOptions>? configure = null,
        FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        addStrategy(services);
        services.AddHttpClient("api", static client => client.BaseAddress = new Uri("http://api"))
            .AddLoadBalancing(options =>
            {
                options.Strategy = strategyName;
                foreach (var address in addresses)
                {
                    options.Endpoints.Add(new EndpointOptions { Address = new Uri(address) });
                }

                configure?.Invoke(options);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new StubHandler(backends ?? (static (_, _) => StubHandler.Answer())));
        _provider = services.BuildServiceProvider();
        Http = _provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        Cluster = Assert.Single(_provider.GetRequiredService<IClusterRegistry>().Clusters);
    }

    internal FakeTimeProvider Time { get; }

    internal HttpClient Http { get; }

    internal ICluster Cluster { get; }

    /// <summary>Gets the strategies of the container: those of the library, and the test's own.</summary>
    internal IEnumerable<ILoadBalancingStrategy> Strategies => _provider.GetServices<ILoadBalancingStrategy>();

    /// <summary>Gets an endpoint of the cluster by its address.</summary>
    internal ClusterEndpoint this[string address] => Cluster.Endpoints.Single(endpoint => endpoint.Address == new Uri(address));

    /// <summary>Sends requests one after the other, and gives the host that each was answered by.</summary>
    internal async Task<List<string>> SendAsync(int count, string address = "/")
    {
        var hosts = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            hosts.Add(request.GetEndpoint()!.Address.Host);
        }

        return hosts;
    }

    /// <summary>Sends an endpoint through a drain, after which it is in slow start if the options say so.</summary>
    internal void DrainAndResume(string address)
    {
        Assert.True(Cluster.TryDrain(new Uri(address)));
        Assert.True(Cluster.TryResume(new Uri(address)));
    }

    public void Dispose()
    {
        Http.Dispose();
        _provider.Dispose();
    }
}
