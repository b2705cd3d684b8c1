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

namespace Quickstart;

/// <summary>One replica of the service: a WireMock server that answers each request after a fixed time.</summary>
internal sealed class Backend(int number, int weight, TimeSpan latency) : IDisposable
{
    /// <summary>Where the backend says that it works.</summary>
    internal const string HealthPath = "/health";

    private WireMockServer? _wireMock;
    private IServer? _http;
    private volatile bool _ready;

    /// <summary>Gets the number by which the backend goes on the screen, counted from 1.</summary>
    internal int Number { get; } = number;

    internal int Weight { get; } = weight;

    internal TimeSpan Latency { get; } = latency;

    /// <summary>Gets where the backend is, from the first start on.</summary>
    internal Uri Address { get; private set; } = AddressAt(port: 0);

    /// <summary>Starts the server: at first on any free port, later on the same one again, as a restarted replica would.</summary>
    /// <exception cref="BackendException">It cannot be started, say because its port has been taken in the meantime.</exception>
    internal Task StartAsync() => Task.Run(Start);

    /// <summary>Kills the server as a crash would: nothing more is accepted, and every connection is reset, with whatever is under way on it.</summary>
    internal async Task KillAsync()
    {
        if (_http is { } http)
        {
            // The token is the time for requests to finish. There is none.
            await http.StopAsync(new CancellationToken(canceled: true));
        }

        await StopAsync();
    }

    /// <summary>Stops the server. Requests under way are finished first.</summary>
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
        ExpectPortFree();
        try
        {
            _wireMock = WireMockServer.Start(new WireMockServerSettings
            {
                Urls = [Address.GetLeftPart(UriPartial.Authority)],
                Logger = new WireMockNullLogger(),

                // WireMock remembers every request for later verification. Nobody asks here.
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

        Address = AddressAt(_wireMock.Port);
        _ready = true;
    }

    private void Intercept(IApplicationBuilder builder)
    {
        _http = builder.ApplicationServices.GetRequiredService<IServer>();

        // WireMock listens before it can be told what to answer, and until then answers 404.
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

    // A request moves as long as no headers have arrived; an answer that breaks off in its body is the caller's to ask for again. WireMock
    // sends chunks, whose end follows on its own. With its length in front an answer is sent at once, and a kill leaves all or nothing of it.
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

    // WireMock would say nothing for ten seconds, and then only that it has not started.
    private void ExpectPortFree()
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

    private static Uri AddressAt(int port) => new($"http://127.0.0.1:{port}");
}
