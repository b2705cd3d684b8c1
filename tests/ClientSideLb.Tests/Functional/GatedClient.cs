using Microsoft.AspNetCore.Http;

namespace ClientSideLb.Tests.Functional;

/// <summary>A balanced client of one backend that holds its answers at a gate.</summary>
internal sealed class GatedClient : IAsyncDisposable
{
    private readonly Backend _backend;
    private readonly BalancedClient _client;

    private GatedClient(Backend backend, BalancedClient client, Gate gate) => (_backend, _client, Gate) = (backend, client, gate);

    internal Gate Gate { get; }

    internal HttpClient Http => _client.Http;

    internal int InFlight => _client.InFlight;

    /// <summary>Starts the backend.</summary>
    /// <param name="handle">Answers a request; by default, the gate is before the whole answer.</param>
    /// <param name="configure">Sets options of the client.</param>
    internal static async Task<GatedClient> StartAsync(Func<HttpContext, Gate, Task>? handle = null, Action<LoadBalancingOptions>? configure = null)
    {
        var gate = new Gate();
        var backend = await Backend.StartAsync(context => handle is null ? gate.HoldAsync(context) : handle(context, gate));
        return new GatedClient(backend, BalancedClient.Of(backend, configure), gate);
    }

    /// <inheritdoc cref="BalancedClient.SendAsync"/>
    internal Task<HttpResponseMessage> SendAsync(bool synchronous, CancellationToken cancellationToken = default) =>
        _client.SendAsync(synchronous, cancellationToken: cancellationToken);

    /// <summary>Sends a request whose response is to be read as a stream.</summary>
    internal Task<HttpResponseMessage> StreamAsync() => Eventually.Done(Http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead));

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
