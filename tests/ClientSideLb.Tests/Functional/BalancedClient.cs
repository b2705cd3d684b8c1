using Microsoft.Extensions.DependencyInjection;

namespace ClientSideLb.Tests.Functional;

/// <summary>A container with one balanced client. The client's name is <c>api</c> by default.</summary>
internal sealed class BalancedClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _name;
    private readonly Lazy<HttpClient> _http;
    private readonly Lazy<HttpMessageInvoker> _invoker;

    private BalancedClient(ServiceProvider services, string name)
    {
        _services = services;
        _name = name;
        _http = new Lazy<HttpClient>(CreateHttpClient);
        _invoker = new Lazy<HttpMessageInvoker>(() =>
            new HttpMessageInvoker(services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name), disposeHandler: false));
    }

    internal HttpClient Http => _http.Value;

    /// <summary>Gets the client's handlers without an <see cref="HttpClient"/> around them.</summary>
    internal HttpMessageInvoker Invoker => _invoker.Value;

    internal IReadOnlyCollection<ICluster> Clusters => _services.GetRequiredService<IClusterRegistry>().Clusters;

    internal ICluster Cluster => Assert.Single(Clusters);

    internal IReadOnlyList<ClusterEndpoint> Endpoints => Cluster.Endpoints;

    /// <summary>Gets the requests in flight at all endpoints of all clusters.</summary>
    internal int InFlight => Clusters.Sum(static cluster => cluster.Endpoints.Sum(static endpoint => endpoint.InFlight));

    internal IServiceProvider Services => _services;

    /// <summary>Creates a client of static endpoints.</summary>
    internal static BalancedClient Of(IEnumerable<Backend> backends, Action<LoadBalancingOptions>? configure = null, TimeProvider? time = null) =>
        Of(backends.Select(static backend => backend.Address), configure, time);

    /// <inheritdoc cref="Of(IEnumerable{Backend}, Action{LoadBalancingOptions}?, TimeProvider?)"/>
    internal static BalancedClient Of(Backend backend, Action<LoadBalancingOptions>? configure = null, TimeProvider? time = null) =>
        Of([backend], configure, time);

    /// <inheritdoc cref="Of(IEnumerable{Backend}, Action{LoadBalancingOptions}?, TimeProvider?)"/>
    internal static BalancedClient Of(IEnumerable<Uri> addresses, Action<LoadBalancingOptions>? configure = null, TimeProvider? time = null) => Create(
        builder => builder.AddLoadBalancing(options =>
        {
            options.AddEndpoints(addresses);
            configure?.Invoke(options);
        }),
        services => services.AddSingleton(time ?? TimeProvider.System));

    /// <summary>Creates a client as the test builds it.</summary>
    /// <param name="build">Adds load balancing, and further handlers and settings.</param>
    /// <param name="register">Adds further services.</param>
    /// <param name="name">The client's name.</param>
    internal static BalancedClient Create(
        Action<IHttpClientBuilder> build, Action<IServiceCollection>? register = null, string name = "api")
    {
        var services = new ServiceCollection();
        register?.Invoke(services);

        // The proxy of the machine, if it has one, is not for requests to itself.
        build(services.AddHttpClient(name).UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false));
        return new BalancedClient(services.BuildServiceProvider(validateScopes: true), name);
    }

    internal HttpClient CreateHttpClient() => _services.GetRequiredService<IHttpClientFactory>().CreateClient(_name);

    /// <summary>Gets the endpoint of a backend.</summary>
    internal ClusterEndpoint EndpointOf(Backend backend) => Assert.Single(Endpoints, endpoint => endpoint.Address.Port == backend.Port);

    /// <summary>Sends GET requests one after another; all must be answered with a 2xx status.</summary>
    internal async Task GetAsync(int count, string address = "")
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await Http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Sends a request by <see cref="HttpClient.Send(HttpRequestMessage)"/> or <see cref="HttpClient.SendAsync(HttpRequestMessage)"/>.</summary>
    internal Task<HttpResponseMessage> SendAsync(bool synchronous, HttpMethod? method = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/");
        return Task.Run(
            () => synchronous ? Task.FromResult(Http.Send(request, cancellationToken)) : Http.SendAsync(request, cancellationToken), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }

        if (_invoker.IsValueCreated)
        {
            _invoker.Value.Dispose();
        }

        await _services.DisposeAsync();
    }
}
