using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests;

/// <summary>A provider of service discovery that finds services with an HTTP client of the same container, while all clients are balanced.</summary>
public sealed class DiscoveryRecursionTests : IDisposable
{
    private readonly StubBackend _backend = new();
    private readonly ServiceCollection _services = new();

    public DiscoveryRecursionTests() =>
        _services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => _backend).AddLoadBalancing());

    public void Dispose() => _backend.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_whose_own_client_waits_for_it_is_told_what_to_do(bool synchronously)
    {
        _services.AddSingleton<IServiceEndpointProviderFactory>(services =>
            new RegistryDiscovery(services.GetRequiredService<IHttpClientFactory>(), static _ => "http://registry/services", synchronously));

        var fault = await FindFaultAsync();

        Assert.Contains("'registry'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'http://registry'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("AddLoadBalancing()", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_backend.Addresses);
    }

    [Fact]
    public async Task Two_registries_that_need_each_other_are_found_too()
    {
        _services.AddSingleton<IServiceEndpointProviderFactory>(static services => new RegistryDiscovery(
            services.GetRequiredService<IHttpClientFactory>(),
            static service => service == "registry" ? "http://other-registry/" : "http://registry/"));

        Assert.Contains("AddLoadBalancing()", (await FindFaultAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_creates_its_client_in_its_constructor_works_like_any_other()
    {
        _services.AddHttpClient("registry").AddLoadBalancing(static options => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.9.9.9") }));
        _services.AddSingleton<IServiceEndpointProviderFactory, EagerDiscovery>();

        await GetAsync();

        Assert.Equal(["10.9.9.9", "10.0.0.1"], _backend.Addresses.Select(static address => address.Host));
    }

    [Fact]
    public async Task A_provider_whose_client_has_static_endpoints_works()
    {
        _services.AddHttpClient("registry").AddLoadBalancing(static options => options.Endpoints.Add(new EndpointOptions { Address = new Uri("http://10.9.9.9") }));
        _services.AddSingleton<IServiceEndpointProviderFactory>(static services =>
            new RegistryDiscovery(services.GetRequiredService<IHttpClientFactory>(), static _ => "http://registry/services"));

        await GetAsync();

        Assert.Equal(["10.9.9.9", "10.0.0.1"], _backend.Addresses.Select(static address => address.Host));
    }

    [Fact]
    public async Task A_provider_whose_registry_another_provider_finds_works()
    {
        var configuration = new ReloadableConfiguration(("services:registry:http:0", "http://10.9.9.9"));
        _services.AddSingleton<IConfiguration>(configuration.Root);
        _services.AddSingleton<IServiceEndpointProviderFactory>(static services =>
            new RegistryDiscovery(services.GetRequiredService<IHttpClientFactory>(), static service => service == "registry" ? null : "http://registry/services"));

        await GetAsync();
        await GetAsync();

        Assert.Contains("10.9.9.9", _backend.Addresses.Select(static address => address.Host));
        Assert.Contains("10.0.0.1", _backend.Addresses.Select(static address => address.Host));
    }

    private async Task GetAsync()
    {
        await using var provider = _services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using var response = await client.GetAsync("/").WaitAsync(Eventually.Deadline);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<InvalidOperationException> FindFaultAsync()
    {
        await using var provider = _services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var fault = await Assert.ThrowsAsync<NoEndpointAvailableException>(() => client.GetAsync("http://api/").WaitAsync(Eventually.Deadline));
        Exception? cause = fault;
        while (cause is not (null or InvalidOperationException))
        {
            cause = cause.InnerException;
        }

        Assert.Contains("AddLoadBalancing()", fault.Message, StringComparison.Ordinal);
        return Assert.IsType<InvalidOperationException>(cause);
    }

    // It asks the address that its function gives for a service, and then finds one endpoint. It leaves other services to other providers.
    private sealed class RegistryDiscovery(IHttpClientFactory clients, Func<string, string?> registryOf, bool synchronously = false) : IServiceEndpointProviderFactory
    {
        public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
        {
            provider = registryOf(query.ServiceName) is { } registry ? new Provider(clients, registry, synchronously) : null;
            return provider is not null;
        }

        private sealed class Provider(IHttpClientFactory clients, string registry, bool synchronously) : IServiceEndpointProvider
        {
            public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
            {
                var client = clients.CreateClient("registry");
                using var request = new HttpRequestMessage(HttpMethod.Get, registry);
                using var response = synchronously ? client.Send(request, cancellationToken) : await client.SendAsync(request, cancellationToken);
                endpoints.Endpoints.Add(ServiceEndpoint.Create(new UriEndPoint(new Uri("http://10.0.0.1"))));
            }

            public ValueTask DisposeAsync() => default;
        }
    }

    private sealed class EagerDiscovery : IServiceEndpointProviderFactory, IServiceEndpointProvider
    {
        private readonly HttpClient _client;

        public EagerDiscovery(IHttpClientFactory clients) => _client = clients.CreateClient("registry");

        public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
        {
            provider = this;
            return true;
        }

        public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            (await _client.GetAsync("/services", cancellationToken)).Dispose();
            endpoints.Endpoints.Add(ServiceEndpoint.Create(new UriEndPoint(new Uri("http://10.0.0.1"))));
        }

        public ValueTask DisposeAsync() => default;
    }
}
