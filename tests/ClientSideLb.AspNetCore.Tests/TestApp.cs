using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClientSideLb.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>An application with real backends, a balanced client named <c>orders</c>, and the live page.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    internal const string Path = "/load-balancing";

    private readonly WebApplication _app;

    private TestApp(WebApplication app, TestBackend[] backends)
    {
        _app = app;
        Backends = backends;
        Address = new Uri(app.Urls.First());
        Browser = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false }) { BaseAddress = Address };
    }

    internal Uri Address { get; }

    /// <summary>Gets the backends, in the order in which the page shows them.</summary>
    internal TestBackend[] Backends { get; }

    /// <summary>Gets the cookies of <see cref="Browser"/>.</summary>
    internal CookieContainer Cookies { get; } = new();

    /// <summary>Gets a client that keeps cookies, as a browser does.</summary>
    internal HttpClient Browser { get; }

    internal IServiceProvider Services => _app.Services;

    internal ICluster Cluster => Assert.Single(Services.GetRequiredService<IClusterRegistry>().Clusters);

    /// <summary>Starts an application.</summary>
    /// <param name="backends">The number of backends.</param>
    /// <param name="balance">Sets the options of the client.</param>
    /// <param name="services">Adds services.</param>
    /// <param name="map">Maps the page; by default it is mapped with changes allowed.</param>
    /// <param name="client">The name of the client.</param>
    /// <param name="settings">The application's configuration.</param>
    internal static async Task<TestApp> StartAsync(
        int backends = 2,
        Action<LoadBalancingOptions>? balance = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        string client = "orders",
        Dictionary<string, string?>? settings = null)
    {
        var started = await Task.WhenAll(Enumerable.Range(0, backends).Select(static _ => TestBackend.StartNewAsync()));
        Array.Sort(started, static (one, other) => string.CompareOrdinal(one.Name, other.Name));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAntiforgery().AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();
        builder.Services
            .AddHttpClient(client)
            .UseSocketsHttpHandler(static (handler, _) => handler.UseProxy = false)
            .AddLoadBalancing(options =>
            {
                options.Strategy = LoadBalancingStrategies.RoundRobin;
                foreach (var backend in started)
                {
                    options.Endpoints.Add(new EndpointOptions { Address = backend.Address });
                }

                balance?.Invoke(options);
            });
        services?.Invoke(builder.Services);

        var app = builder.Build();
        (map ?? (static app => app.MapLoadBalancing(Path, static options => options.AllowChanges = true)))(app);
        await app.StartAsync();

        // A cluster appears when its client is first created.
        using (app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client))
        {
        }

        return new TestApp(app, started);
    }

    internal ClusterEndpoint GetEndpoint(TestBackend backend) => Cluster.Endpoints.Single(endpoint => endpoint.Address.Port == backend.Address.Port);

    /// <summary>Sends requests through the balancer, one after another.</summary>
    internal async Task SendAsync(int count)
    {
        var http = Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        for (var i = 0; i < count; i++)
        {
            using var response = await http.GetAsync(new Uri("", UriKind.Relative));
        }
    }

    /// <summary>Lets a backend fail, and sends requests until it is ejected.</summary>
    internal async Task EjectAsync(TestBackend backend)
    {
        backend.AnswerWith(503);
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(1);
                return GetEndpoint(backend).Health == EndpointHealth.Ejected;
            },
            "the backend is ejected");
    }

    internal async Task<JsonElement> GetStatusAsync() => await Browser.GetFromJsonAsync<JsonElement>($"{Path}/clusters");

    /// <summary>Gets the status of each endpoint of the one cluster.</summary>
    internal async Task<List<JsonElement>> GetRowsAsync() =>
        [.. Assert.Single((await GetStatusAsync()).GetProperty("clusters").EnumerateArray()).GetProperty("endpoints").EnumerateArray()];

    /// <summary>Gets the status of a backend's endpoint.</summary>
    internal async Task<JsonElement> GetRowAsync(TestBackend backend) =>
        (await GetRowsAsync()).Single(row => row.GetProperty("address").GetString() == backend.Name);

    internal Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _app.DisposeAsync();
        foreach (var backend in Backends)
        {
            await backend.DisposeAsync();
        }
    }
}
