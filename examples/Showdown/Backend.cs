using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WireMock.Exceptions;
using WireMock.Logging;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace Showdown;

/// <summary>One replica of the service: a WireMock server that answers each request after a fixed time.</summary>
internal sealed class Backend(int number, int weight, TimeSpan latency) : IDisposable
{
    /// <summary>The path at which the backend answers health probes.</summary>
    internal const string HealthPath = "/health";

    private WireMockServer? _wireMock;
    private IServer? _http;
    private volatile bool _ready;

    /// <summary>Gets the number of the backend on the screen, counted from 1.</summary>
    internal int Number { get; } = number;

    internal int Weight { get; } = weight;

    internal TimeSpan Latency { get; } = latency;

    /// <summary>Gets the address of the backend. It has a port from the first start on.</summary>
    internal Uri Address { get; private set; } = CreateAddress(port: 0);

    /// <summary>Starts the server: the first time on a free port, later on the same port again, like a restarted replica.</summary>
    /// <exception cref="BackendException">The server cannot be started, for example because another program has taken its port.</exception>
    internal Task StartAsync() => Task.Run(Start);

    /// <summary>Kills the server like a crash: it accepts nothing more, and every connection is reset, even with requests under way.</summary>
    internal async Task KillAsync()
    {
        if (_http is { } http)
        {
            // A cancelled token gives requests no time to finish.
            await http.StopAsync(new CancellationToken(canceled: true));
        }

        await StopAsync();
    }

    /// <summary>Stops the server after its requests under way have finished.</summary>
    internal async Task StopAsync()
    {
        var server = _wireMock;
        _wireMock = null;
        if (server is not null)
        {
            await Task.Run(server.Stop);
            server.Dispose();
        }
    }

    public void Dispose()
    {
        _wireMock?.Dispose();
        _wireMock = null;
    }

    private void Start()
    {
        _ready = false;
        ThrowIfPortIsTaken();
        try
        {
            _wireMock = WireMockServer.Start(new WireMockServerSettings
            {
                Urls = [Address.GetLeftPart(UriPartial.Authority)],
                Logger = new WireMockNullLogger(),

                // By default, WireMock stores every request for later verification, which this program does not need.
                MaxRequestLogCount = 0,
                PreWireMockMiddlewareInit = builder => Intercept((IApplicationBuilder)builder),
            });
        }
        catch (Exception e) when (e is WireMockException or TimeoutException)
        {
            throw new BackendException($"Backend {Number} does not start at {Address.Authority}: {e.Message}", e);
        }

        _wireMock
            .Given(Request.Create().UsingAnyMethod())
            .AtPriority(2)
            .RespondWith(Response.Create().WithBody($"Hello from backend {Number}").WithDelay(Latency));
        _wireMock
            .Given(Request.Create().WithPath(HealthPath).UsingGet())
            .AtPriority(1)
            .RespondWith(Response.Create().WithBody("up"));

        Address = CreateAddress(_wireMock.Port);
        _ready = true;
    }

    private void Intercept(IApplicationBuilder builder)
    {
        _http = builder.ApplicationServices.GetRequiredService<IServer>();

        // WireMock listens before its answers are set up, and would send 404 until then.
        builder.Use(next => context =>
        {
            if (_ready)
            {
                return AnswerInOnePieceAsync(context, next);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
    }

    // The balancer can move a request only until its headers have arrived; if the body breaks off, the caller has to repeat the request.
    // WireMock sends the end of a body separately, so a kill could break off a body. With a Content-Length, the answer is sent in one piece.
    private static async Task AnswerInOnePieceAsync(HttpContext context, RequestDelegate next)
    {
        using var answer = new MemoryStream();
        var body = context.Response.Body;
        context.Response.Body = answer;
        await next(context);

        context.Response.Body = body;
        context.Response.ContentLength = answer.Length;
        await body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), context.RequestAborted);
    }

    // Without this check, WireMock would wait for ten seconds, and then report only that it has not started.
    private void ThrowIfPortIsTaken()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, Address.Port));
            socket.Listen();
        }
        catch (SocketException e)
        {
            throw new BackendException(
                $"Backend {Number} cannot be started again: its port {Address.Port} was taken by another program while the backend was out ({e.Message}). Please run it again.", e);
        }
    }

    private static Uri CreateAddress(int port) => new($"http://127.0.0.1:{port}");
}
