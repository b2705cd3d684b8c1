using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Tests.Support;

/// <summary>A container with DNS discovery.</summary>
internal sealed class DnsApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    internal DnsApp(string server, Action<DnsDiscoveryOptions>? dns = null, Action<IServiceCollection>? before = null, Action<IServiceCollection>? after = null)
    {
        var services = new ServiceCollection();
        before?.Invoke(services);
        services.AddDnsDiscovery(options =>
        {
            options.Servers.Add(server);
            options.QueryTimeout = TimeSpan.FromMilliseconds(300);
            dns?.Invoke(options);
        });
        after?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    internal IServiceProvider Services => _services;

    internal HttpClient CreateClient(string name) => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    internal async Task<IReadOnlyList<ServiceEndpoint>> ResolveAsync(string query) =>
        (await _services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync(query, CancellationToken.None)).Endpoints;

    internal async Task<string[]> ResolveAddressesAsync(string query) => [.. (await ResolveAsync(query)).Select(static one => one.ToString()!)];

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
