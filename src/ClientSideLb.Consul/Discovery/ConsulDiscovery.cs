using System.Diagnostics.Metrics;
using ClientSideLb.Consul.Api;
using ClientSideLb.Consul.Configuration;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Telemetry;
using ClientSideLb.Consul.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Consul.Discovery;

/// <summary>Owns everything that runs for one container: the connections and the watches. Thread-safe.</summary>
internal sealed class ConsulDiscovery : IDisposable, IAsyncDisposable
{
    // The connections are cut right after. What does not end by then must not stop the application from ending.
    private static readonly TimeSpan LongestDisposal = TimeSpan.FromSeconds(1);

    private readonly Lazy<ConsulConnection> _connection;

    internal ConsulDiscovery(IServiceProvider services)
    {
        Options = services.GetRequiredService<IOptions<ConsulDiscoveryOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var random = GetThreadSafeRandom();
        var logger = new SafeLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger(ConsulLog.Category));
        Metrics = new ConsulMetrics(services.GetRequiredService<IMeterFactory>());
        _connection = new Lazy<ConsulConnection>(() => new ConsulConnection(Options, ConsulTarget.Find(Options, Environment.GetEnvironmentVariable)));
        var api = new Lazy<ConsulApi>(() => new ConsulApi(_connection.Value, Options, Metrics, time));
        Watches = new WatchRegistry(
            name => new ServiceWatch(name, api.Value, Metrics, time, random, logger),
            watch => logger.WatchEnded(watch.Name));
        Metrics.Observe(GetReader(new WeakReference<WatchRegistry>(Watches)));
    }

    internal ConsulDiscoveryOptions Options { get; }

    internal ConsulMetrics Metrics { get; }

    internal WatchRegistry Watches { get; }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        var running = Watches.StopAsync();
        try
        {
            // The limit is in real time. A clock that a test moves by hand stands still while the container is disposed.
            await running.WaitAsync(LongestDisposal).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            // It ends when the connections are gone.
        }

        if (_connection.IsValueCreated)
        {
            _connection.Value.Dispose();
        }
    }

    // Every meter of the process is in a static list until it is disposed. It must not keep alive a container that is dropped without that.
    private static Func<IEnumerable<(ConsulServiceName Service, int Endpoints)>> GetReader(WeakReference<WatchRegistry> watches) =>
        () => watches.TryGetTarget(out var registry) ? registry.Read() : [];

    // Production code takes its random numbers from here. All other code is given its source.
#pragma warning disable RS0030
    private static Random GetThreadSafeRandom() => Random.Shared;
#pragma warning restore RS0030
}
