using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClientSideLb.Tests.Functional;

/// <summary>A real server on a port of its own. It remembers the requests that it received.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _received = new();
    private readonly string _scheme;
    private WebApplication? _app;

    private Backend(string scheme) => _scheme = scheme;

    internal Uri Address { get; private set; } = null!;

    internal int Port => Address.Port;

    /// <summary>Gets the number of requests that have arrived.</summary>
    internal int Count => _received.Count;

    internal IReadOnlyList<ReceivedRequest> Received => [.. _received];

    /// <summary>Starts a server that handles each request with <paramref name="handle"/>; by default it answers 200.</summary>
    internal static Task<Backend> StartAsync(
        RequestDelegate? handle = null, HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null) =>
        StartAsync(_ => { }, app => app.Run(handle ?? (static context => context.Response.WriteAsync("ok"))), protocols, certificate);

    /// <summary>Starts a server with services and a pipeline of its own.</summary>
    internal static async Task<Backend> StartAsync(
        Action<WebApplicationBuilder> services, Action<WebApplication> pipeline, HttpProtocols protocols, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null)
                {
                    // Kestrel reads the name in the handshake only to select a certificate.
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate);
                }
            });
        });
        services(builder);

        var backend = new Backend(certificate is null ? "http" : "https");
        var app = builder.Build();
        app.Use((context, next) =>
        {
            backend.Receive(context);
            return next(context);
        });
        app.UseWebSockets();
        pipeline(app);
        await backend.StartAsync(app);
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
        {
            return;
        }

        // Requests that a failed test has left behind are aborted.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
        }

        await _app.DisposeAsync();
        _app = null;
    }

    private async Task StartAsync(WebApplication app)
    {
        _app = app;
        await app.StartAsync();
        Address = new Uri($"{_scheme}://127.0.0.1:{new Uri(app.Urls.Single()).Port}/");
    }

    private void Receive(HttpContext context) => _received.Enqueue(new ReceivedRequest(
        context.Request.Method,
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        context.Request.Headers.Host.ToString(),
        context.Features.Get<ITlsHandshakeFeature>()?.HostName));
}
