using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.AspNetCore.Tests;

/// <summary>An application with a balanced client, <c>orders</c>, of real backends, and the live page.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    internal const string Path = "/load-balancing";

    private readonly WebApplication _app;

    private TestApp(WebApplication app, TestBackend[] backends)
    {
        _app = app;
        Backends = backends;
        Address = new Uri(app.Urls.First());
        Browser = new HttpClient { BaseAddress = Address };
    }

    internal Uri Address { get; }

    internal TestBackend[] Backends { get; }

    /// <summary>Gets a client with cookies, as a browser has them.</summary>
    internal HttpClient Browser { get; }

    internal IServiceProvider Services => _app.Services;

    internal ICluster Cluster => Assert.Single(Services.GetRequiredService<IClusterRegistry>().Clusters);

    /// <summary>Starts an application.</summary>
    /// <param name="backends">How many backends.</param>
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

        // In the order that the page shows them in.
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

        // With its first client the cluster comes to be.
        using (app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client))
        {
        }

        return new TestApp(app, started);
    }

    internal ClusterEndpoint EndpointOf(TestBackend backend) => Cluster.Endpoints.Single(endpoint => endpoint.Address.Port == backend.Address.Port);

    /// <summary>Sends requests through the balancer, one after another.</summary>
    internal async Task SendAsync(int count, string client = "orders")
    {
        var http = Services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        for (var i = 0; i < count; i++)
        {
            using var response = await http.GetAsync(new Uri("", UriKind.Relative));
        }
    }

    internal async Task<JsonElement> StatusAsync() => await Browser.GetFromJsonAsync<JsonElement>($"{Path}/clusters");

    /// <summary>Gets the row of a backend.</summary>
    internal async Task<JsonElement> RowAsync(TestBackend backend) =>
        (await StatusAsync()).GetProperty("clusters")[0].GetProperty("endpoints").EnumerateArray()
            .Single(row => row.GetProperty("address").GetString() == backend.Name);

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
