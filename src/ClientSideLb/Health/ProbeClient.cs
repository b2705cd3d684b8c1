using ClientSideLb.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Health;

/// <summary>
/// The HTTP client for the probes of a balanced client. Its primary handler is that of the client's current pipeline, so that probes share
/// certificates, proxy and connections with requests, and reach a new machine behind a name as soon as requests do. It has the client's headers and
/// versions, but none of its other handlers.
/// </summary>
/// <param name="clientName">The name of the balanced client.</param>
/// <param name="services">The container.</param>
/// <param name="time">The clock.</param>
internal sealed class ProbeClient(string clientName, IServiceProvider services, TimeProvider time) : IAsyncDisposable
{
    private readonly IHttpMessageHandlerFactory _pipelines = services.GetRequiredService<IHttpMessageHandlerFactory>();
    private readonly IOptionsMonitor<HttpClientFactoryOptions> _options = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
    private readonly Lazy<AsyncServiceScope> _scope = new(services.CreateAsyncScope);
    private volatile PipelineClient? _latest;
    private volatile OwnClient? _own;

    /// <summary>Sends a probe.</summary>
    /// <param name="send">Sends the probe with the client that it gets. It must not dispose the client or keep it.</param>
    /// <exception cref="ProbeNotSentException">The application's configuration of the client failed.</exception>
    internal async ValueTask<HealthProbeResult> SendAsync(Func<HttpClient, ValueTask<HealthProbeResult>> send)
    {
        var client = GetClient(out var pipeline);
        try
        {
            return await send(client).ConfigureAwait(false);
        }
        finally
        {
            // The factory disposes a pipeline that has expired and that the garbage collector has found unused.
            GC.KeepAlive(pipeline);
        }
    }

    public ValueTask DisposeAsync() => _scope.IsValueCreated ? _scope.Value.DisposeAsync() : ValueTask.CompletedTask;

    private HttpClient GetClient(out HttpMessageHandler? pipeline)
    {
        pipeline = null;
        try
        {
            pipeline = _pipelines.CreateHandler(clientName);
        }
        catch (Exception)
        {
            // One of the client's handlers cannot be created. Probes need none but the primary handler.
        }

        try
        {
            return pipeline is null ? GetOwnClient() : GetClient(pipeline);
        }
        catch (Exception failure)
        {
            throw new ProbeNotSentException(failure);
        }
    }

    private HttpClient GetClient(HttpMessageHandler pipeline)
    {
        if (_latest is { } latest && latest.Pipeline.TryGetTarget(out var known) && ReferenceEquals(known, pipeline))
        {
            return latest.Http;
        }

        var http = CreateClient(AutoRedirect.FindPrimary(pipeline));
        _latest = new PipelineClient(new WeakReference<HttpMessageHandler>(pipeline), http);
        return http;
    }

    // The handler lives as long as a handler of the factory would. It is left to the garbage collector, because the application may share it, and
    // because other probes may be using it.
    private HttpClient GetOwnClient()
    {
        var lifetime = _options.Get(clientName).HandlerLifetime;
        if (_own is { } own && (lifetime == Timeout.InfiniteTimeSpan || time.GetElapsedTime(own.Created) < lifetime))
        {
            return own.Http;
        }

        var scoped = _scope.Value.ServiceProvider;
        var initial = scoped.GetRequiredService<HttpMessageHandlerBuilder>();
        initial.Name = clientName;
        var primary = new PrimaryHandlerBuilder(clientName, scoped, initial.PrimaryHandler).Run(_options.Get(clientName))!;
        var http = CreateClient(primary);
        _own = new OwnClient(time.GetTimestamp(), http);
        return http;
    }

    private HttpClient CreateClient(HttpMessageHandler primary)
    {
        var http = new HttpClient(primary, disposeHandler: false);
        foreach (var configure in _options.Get(clientName).HttpClientActions)
        {
            configure(http);
        }

        // The prober limits the time of each probe itself.
        http.Timeout = Timeout.InfiniteTimeSpan;
        return http;
    }

    /// <summary>A client with the primary handler of a pipeline. It does not keep the pipeline alive.</summary>
    private sealed record PipelineClient(WeakReference<HttpMessageHandler> Pipeline, HttpClient Http);

    /// <summary>A client with a primary handler that was created for probes alone.</summary>
    private sealed record OwnClient(long Created, HttpClient Http);
}
