using ClientSideLb.Benchmarks.Minimal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Benchmarks.EndToEnd;

/// <summary>Makes clients as an application does: each comes from a factory, with what that adds by default save the log.</summary>
internal sealed class Clients(IEnumerable<Uri> backends) : IDisposable
{
    private static readonly Uri Service = new("http://api/");

    private readonly List<ServiceProvider> _providers = [];

    /// <summary>Makes a client that sends to one address.</summary>
    internal HttpClient CreatePlain(Uri address) => Create(address, static _ => { });

    /// <summary>Makes a client that balances the backends with this library.</summary>
    internal HttpClient CreateBalanced(Action<LoadBalancingOptions> configure) =>
        Create(Service, client => client.AddLoadBalancing(configure));

    /// <summary>Makes a client that has the backends from service discovery, which takes them in turn.</summary>
    internal HttpClient CreateDiscovering() => Create(Service, static client => client.AddServiceDiscovery());

    /// <summary>Makes a client that takes the backends in turn and counts requests in flight, and does nothing else.</summary>
    internal HttpClient CreateMinimal() => Create(Service, client => client.AddHttpMessageHandler(() => new MinimalHandler([.. backends])));

    public void Dispose() => _providers.ForEach(static provider => provider.Dispose());

    private HttpClient Create(Uri address, Action<IHttpClientBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(backends.Select(static (backend, i) => KeyValuePair.Create($"Services:api:http:{i}", (string?)backend.AbsoluteUri)))
            .Build());
        services.AddServiceDiscovery();
        configure(services.AddHttpClient("api", client => client.BaseAddress = address).RemoveAllLoggers());

        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }
}
