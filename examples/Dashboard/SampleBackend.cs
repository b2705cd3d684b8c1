using System.Net;

namespace Dashboard;

/// <summary>A backend on a port of this machine that answers after a delay. It can be stopped and started again.</summary>
internal sealed class SampleBackend(TimeSpan delay) : IAsyncDisposable
{
    private WebApplication? _app;

    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Starts listening: the first time on a free port, later on the same port again.</summary>
    internal async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Address.Port));
        _app = builder.Build();
        _app.MapGet("/health", () => "ok");
        _app.MapGet("/orders/{id}", async (int id, CancellationToken cancellationToken) =>
        {
            // Between half and one and a half times the delay, because no real backend takes the same time for every request.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), cancellationToken);
            return $"order {id}";
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>Stops listening at once, like a process that is killed.</summary>
    internal async Task StopAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
