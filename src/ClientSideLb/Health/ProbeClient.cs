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
        var sender = GetSender(out var pipeline);
        try
        {
            return await send(sender.Http).ConfigureAwait(false);
        }
        finally
        {
            // The factory disposes a pipeline that has expired and that the garbage collector has found unused.
            GC.KeepAlive(pipeline);
        }
    }

    /// <summary>Gets what would send a probe now.</summary>
    /// <exception cref="ProbeNotSentException">The application's configuration of the client failed.</exception>
    internal ProbeSender GetSender() => GetSender(out _);

    public ValueTask DisposeAsync() => _scope.IsValueCreated ? _scope.Value.DisposeAsync() : ValueTask.CompletedTask;

    private ProbeSender GetSender(out HttpMessageHandler? pipeline)
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
            return pipeline is null ? GetOwnSender() : GetSender(pipeline);
        }
        catch (Exception failure)
        {
            throw new ProbeNotSentException(failure);
        }
    }

    private ProbeSender GetSender(HttpMessageHandler pipeline)
    {
        if (_latest is { } latest && latest.Pipeline.TryGetTarget(out var known) && ReferenceEquals(known, pipeline))
        {
            return latest.Sender;
        }

        var sender = CreateSender(AutoRedirect.FindPrimary(pipeline));
        _latest = new PipelineClient(new WeakReference<HttpMessageHandler>(pipeline), sender);
        return sender;
    }

    // The handler lives as long as a handler of the factory would. It is left to the garbage collector, because the application may share it, and
    // because other probes may be using it.
    private ProbeSender GetOwnSender()
    {
        var lifetime = _options.Get(clientName).HandlerLifetime;
        if (_own is { } own && (lifetime == Timeout.InfiniteTimeSpan || time.GetElapsedTime(own.Created) < lifetime))
        {
            return own.Sender;
        }

        var scoped = _scope.Value.ServiceProvider;
        var initial = scoped.GetRequiredService<HttpMessageHandlerBuilder>();
        initial.Name = clientName;
        var primary = new PrimaryHandlerBuilder(clientName, scoped, initial.PrimaryHandler).Run(_options.Get(clientName))!;
        var sender = CreateSender(primary);
        _own = new OwnClient(time.GetTimestamp(), sender);
        return sender;
    }

    private ProbeSender CreateSender(HttpMessageHandler primary)
    {
        var http = new HttpClient(primary, disposeHandler: false);
        foreach (var configure in _options.Get(clientName).HttpClientActions)
        {
            configure(http);
        }

        // The prober limits the time of each probe itself.
        http.Timeout = Timeout.InfiniteTimeSpan;
        return new ProbeSender(http, primary);
    }

    /// <summary>A client with the primary handler of a pipeline. It does not keep the pipeline alive.</summary>
    private sealed record PipelineClient(WeakReference<HttpMessageHandler> Pipeline, ProbeSender Sender);

    /// <summary>A client with a primary handler that was created for probes alone.</summary>
    private sealed record OwnClient(long Created, ProbeSender Sender);
}
