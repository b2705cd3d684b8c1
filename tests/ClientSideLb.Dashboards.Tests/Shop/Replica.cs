using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dashboards.Tests.Shop;

/// <summary>A replica of the shop's catalog that a test can break: slow, failing, or gone.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Replica()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/healthz", () => Results.StatusCode(ProbeStatus));
        _app.MapGet("/products", AnswerAsync);
    }

    internal Uri Address => new(_app.Urls.Single());

    /// <summary>Gets or sets the status of the answers to requests.</summary>
    internal int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Gets or sets the status of the answers to probes.</summary>
    internal int ProbeStatus { get; set; } = StatusCodes.Status200OK;

    /// <summary>Gets or sets how long the replica works at a request.</summary>
    internal TimeSpan Work { get; set; } = TimeSpan.FromMilliseconds(5);

    internal static async Task<Replica> StartAsync()
    {
        var replica = new Replica();
        await replica._app.StartAsync();
        return replica;
    }

    /// <summary>Ends the replica at once, with its connections.</summary>
    internal async Task KillAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _app.DisposeAsync();
    }

    private async Task<IResult> AnswerAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Work, cancellationToken);
        return Status == StatusCodes.Status200OK
            ? Results.Json(new { Replica = 1, Products = new[] { new { Id = 1, Name = "Teapot", Price = 24.5m } } })
            : Results.StatusCode(Status);
    }
}
