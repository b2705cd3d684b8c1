using WireMock.Logging;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace Quickstart;

/// <summary>One replica of the service: a WireMock server that answers each request after a fixed time.</summary>
internal sealed class Backend(int number, int weight, TimeSpan latency) : IDisposable
{
    private WireMockServer? _server;

    /// <summary>Gets the number by which the backend goes on the screen, counted from 1.</summary>
    internal int Number { get; } = number;

    internal int Weight { get; } = weight;

    internal TimeSpan Latency { get; } = latency;

    internal bool IsRunning => _server is not null;

    /// <summary>Gets where the backend is, from the first start on.</summary>
    internal Uri Address { get; private set; } = AddressAt(port: 0);

    /// <summary>Starts the server: at first on any free port, later on the same one again, as a restarted replica would.</summary>
    internal void Start()
    {
        var server = WireMockServer.Start(new WireMockServerSettings
        {
            Urls = [Address.GetLeftPart(UriPartial.Authority)],
            Logger = new WireMockNullLogger(),

            // WireMock remembers every request for later verification. Nobody asks here.
            MaxRequestLogCount = 0,
        });
        server
            .Given(Request.Create().UsingAnyMethod())
            .RespondWith(Response.Create().WithBody($"Hello from backend {Number}").WithDelay(Latency));

        Address = AddressAt(server.Port);
        _server = server;
    }

    internal void Stop()
    {
        var server = _server;
        _server = null;
        server?.Dispose();
    }

    public void Dispose() => Stop();

    private static Uri AddressAt(int port) => new($"http://127.0.0.1:{port}");
}
