using ClientSideLb.Clients;
using ClientSideLb.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb;

/// <summary>
/// Balances requests over static endpoints without a container of the application: for console tools, tests, and gRPC channels. It does what
/// <c>AddLoadBalancing()</c> does for a client of <see cref="IHttpClientFactory"/>, with the same options, health checks, failover, log and metrics.
/// </summary>
/// <remarks>
/// <para>
/// The handler has state that must last: connections, the health of endpoints, probes. Make one for each service, share it between clients and threads, and
/// dispose it at the end. A request after that throws an <see cref="ObjectDisposedException"/>. Thread-safe.
/// </para>
/// <para>
/// Requests to <see cref="BaseAddress"/>, to the name of the service and to an endpoint are balanced. Requests to another host go to that host, as
/// <see cref="LoadBalancingOptions.UnknownServices"/> says.
/// </para>
/// </remarks>
public sealed class BalancedHttpHandler : DelegatingHandler, IAsyncDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly ServiceProvider _services;
    private readonly HttpMessageHandler _primary;
    private bool _isDisposed;

    /// <summary>Creates a handler.</summary>
    /// <param name="serviceName">The name of the service, such as <c>orders</c>. It stands in the log, in metrics, and in <see cref="BaseAddress"/>.</param>
    /// <param name="configure">Sets the options. They need at least one endpoint.</param>
    /// <param name="primaryHandler">
    /// Sends the balanced requests, and is disposed with this handler. The default is a <see cref="SocketsHttpHandler"/> that replaces each connection after two
    /// minutes, so that a change in DNS is seen.
    /// </param>
    /// <param name="strategies">Strategies of your own, beside those of <see cref="LoadBalancingStrategies"/>. They are not disposed.</param>
    /// <param name="loggerFactory">Makes the log. The default is none. It is not disposed.</param>
    /// <param name="timeProvider">The clock. The default is that of the system.</param>
    /// <exception cref="ArgumentException"><paramref name="serviceName"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="serviceName"/> or <paramref name="configure"/> is <see langword="null"/>.</exception>
    /// <exception cref="OptionsValidationException">The options are not valid. The message names every fault.</exception>
    public BalancedHttpHandler(
        string serviceName,
        Action<LoadBalancingOptions> configure,
        HttpMessageHandler? primaryHandler = null,
        IEnumerable<ILoadBalancingStrategy>? strategies = null,
        ILoggerFactory? loggerFactory = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceName);
        ArgumentNullException.ThrowIfNull(configure);
        BaseAddress = DefaultBaseAddress.For(serviceName);
        var services = new ServiceCollection();
        services.AddSingleton(timeProvider ?? TimeProvider.System);
        foreach (var strategy in strategies ?? [])
        {
            services.AddSingleton(strategy);
        }

        var primary = primaryHandler;
        var builder = services.AddHttpClient(serviceName)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => GetOnce(ref primary))
            .AddLoadBalancing(configure);
        services.AddSingleton<IValidateOptions<LoadBalancingOptions>, StaticEndpointsValidator>();
        if (loggerFactory is null)
        {
            builder.RemoveAllLoggers();
        }
        else
        {
            services.AddSingleton(loggerFactory);
        }

        _services = services.BuildServiceProvider();
        try
        {
            // The first of these reads the options.
            var client = _services.GetRequiredService<ClusterRegistry>().GetClient(serviceName);
            primary ??= new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime };
            _primary = primary;
            InnerHandler = _services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(serviceName);
            Cluster = client.GetStaticCluster(BaseAddress)!;
        }
        catch
        {
            _services.Dispose();
            throw;
        }
    }

    /// <summary>Gets the address that stands for the service, such as <c>https+http://orders/</c>. It prefers https endpoints to http ones.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Gets the state of the endpoints, and lets the application drain them.</summary>
    public ICluster Cluster { get; }

    /// <summary>Creates a client over a handler of its own, whose base address stands for the service. The client owns the handler and disposes it.</summary>
    /// <inheritdoc cref="BalancedHttpHandler(string, Action{LoadBalancingOptions}, HttpMessageHandler?, IEnumerable{ILoadBalancingStrategy}?, ILoggerFactory?, TimeProvider?)"/>
    /// <returns>The client.</returns>
    public static HttpClient CreateClient(
        string serviceName,
        Action<LoadBalancingOptions> configure,
        HttpMessageHandler? primaryHandler = null,
        IEnumerable<ILoadBalancingStrategy>? strategies = null,
        ILoggerFactory? loggerFactory = null,
        TimeProvider? timeProvider = null)
    {
        var handler = new BalancedHttpHandler(serviceName, configure, primaryHandler, strategies, loggerFactory, timeProvider);
        return new HttpClient(handler, disposeHandler: true) { BaseAddress = handler.BaseAddress };
    }

    /// <summary>Ends probes and closes connections, and waits until the last probe has ended.</summary>
    /// <returns>A task that completes when that is done.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            await _services.DisposeAsync().ConfigureAwait(false);
            _primary.Dispose();
        }

        Dispose();
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return base.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return base.Send(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isDisposed, true))
        {
            _services.Dispose();
            _primary.Dispose();
        }

        base.Dispose(disposing);
    }

    // A function that returns the same handler twice would say that the application shares it, and then it would not be disposed.
    private static HttpMessageHandler GetOnce(ref HttpMessageHandler? primary) =>
        Interlocked.Exchange(ref primary, null) ?? throw new InvalidOperationException("The primary handler has been taken.");
}
