using System.Diagnostics.CodeAnalysis;
using System.Net;
using ClientSideLb.Dashboards.Tests.Prometheus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using OpenTelemetry.Metrics;

namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>
/// An application that finds its backends by service discovery, which the shop does not. Its telemetry is wired as that of the shop. All such
/// applications are in this process, and so each shows the metrics of all of them: there is only one at a time.
/// </summary>
internal sealed class DiscoveringApp : Application
{
    private readonly Discovery _discovery = new();
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _end = new();
    private Task _customers = Task.CompletedTask;

    private DiscoveringApp(PrometheusServer prometheus, string job)
        : base(prometheus, job)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IServiceEndpointProviderFactory>(_discovery);
        builder.Services.AddHttpClient("stock").ConfigurePrimaryHttpMessageHandler(static () => new Backend()).AddLoadBalancing();
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter("ClientSideLb").AddPrometheusExporter());
        _app = builder.Build();
        _app.MapPrometheusScrapingEndpoint();
    }

    internal static async Task<DiscoveringApp> StartAsync(PrometheusServer prometheus, string job)
    {
        PrometheusTools.SkipIfMissing();
        var app = new DiscoveringApp(prometheus, job);
        await app._app.StartAsync();
        app._customers = app.AskAsync("http://warehouse/");
        app.Scrape(new Uri(app._app.Urls.Single()));
        return app;
    }

    /// <summary>Lets service discovery fail from now on.</summary>
    internal void BreakDiscovery() => _discovery.Break();

    /// <summary>Sends requests to a name that service discovery does not know from now on.</summary>
    internal void MistypeName() => _customers = Task.WhenAll(_customers, AskAsync("http://warehuose/"));

    protected override async ValueTask StopAsync()
    {
        await _end.CancelAsync();
        await _customers;
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private async Task AskAsync(string address)
    {
        using var http = _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("stock");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                try
                {
                    using var response = await http.GetAsync(new Uri(address), _end.Token);
                }
                catch (HttpRequestException)
                {
                    // There is no endpoint if discovery fails from the start.
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed class Backend : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent) { RequestMessage = request });
    }

    private sealed class Discovery : IServiceEndpointProviderFactory, IServiceEndpointProvider
    {
        private readonly CancellationTokenSource _broken = new();

        /// <summary>Says that something has changed. From then on, each query fails.</summary>
        internal void Break() => _broken.Cancel();

        public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
        {
            provider = query.ServiceName == "warehouse" ? this : null;
            return provider is not null;
        }

        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            if (_broken.IsCancellationRequested)
            {
                throw new IOException("The registry is away.");
            }

            endpoints.AddChangeToken(new CancellationChangeToken(_broken.Token));
            endpoints.Endpoints.Add(ServiceEndpoint.Create(new IPEndPoint(IPAddress.Loopback, 8080)));
            return default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
