using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Tests.Shared;

/// <summary>A real server whose answer a test can change. It can be stopped, and started again at the same port.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private WebApplication? _app;
    private int _requests;

    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Gets the address as the library shows it.</summary>
    internal string Name => Address.GetLeftPart(UriPartial.Authority);

    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets or sets the answer to every request.</summary>
    internal Func<HttpContext, Task> Answer { get; set; } = static context => context.Response.WriteAsync("ok");

    internal static async Task<TestBackend> StartNewAsync()
    {
        var backend = new TestBackend();
        await backend.StartAsync();
        return backend;
    }

    internal void AnswerWith(int status) => Answer = context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    internal async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Address.Port));
        _app = builder.Build();
        _app.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return Answer(context);
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

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
