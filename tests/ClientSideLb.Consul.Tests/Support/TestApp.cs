using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ClientSideLb.Consul.Tests.Support;

/// <summary>An application with a balanced client and discovery in the test's Consul.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    internal TestApp(
        Uri consul, Action<ConsulDiscoveryOptions>? configure = null, Action<IServiceCollection>? add = null, Dictionary<string, string?>? configuration = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(Log)));
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration ?? []).Build());
        services.AddConsulDiscovery(options =>
        {
            options.Address = consul;
            configure?.Invoke(options);
        });
        services.AddHttpClient("client").AddLoadBalancing(static options => options.Strategy = "RoundRobin");
        add?.Invoke(services);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("client");
    }

    internal HttpClient Client { get; }

    internal FakeLogCollector Log { get; } = FakeLogCollector.Create(new FakeLogCollectorOptions());

    internal IServiceProvider Services => _services;

    /// <summary>Adds a primary handler that sends nothing, and keeps the addresses of the requests.</summary>
    internal static Action<IServiceCollection> KeepAddresses(ConcurrentQueue<Uri> addresses) =>
        services => services.AddHttpClient("client").ConfigurePrimaryHttpMessageHandler(() => new KeepingHandler(addresses));

    /// <summary>Sends requests, and returns the ports that answered.</summary>
    internal async Task<HashSet<int>> SendAsync(int requests, string address = "http://api/")
    {
        var ports = new HashSet<int>();
        for (var i = 0; i < requests; i++)
        {
            ports.Add(int.Parse(await Client.GetStringAsync(new Uri(address)), System.Globalization.CultureInfo.InvariantCulture));
        }

        return ports;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class KeepingHandler(ConcurrentQueue<Uri> addresses) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            addresses.Enqueue(request.RequestUri!);
            return Task.FromResult(new HttpResponseMessage { RequestMessage = request });
        }
    }
}
