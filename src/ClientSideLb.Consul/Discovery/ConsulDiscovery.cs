using System.Diagnostics.Metrics;
using ClientSideLb.Consul.Api;
using ClientSideLb.Consul.Configuration;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Telemetry;
using ClientSideLb.Consul.Watching;
using ClientSideLb.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Consul.Discovery;

/// <summary>Owns everything that runs for one container: the connections and the watches. Thread-safe.</summary>
internal sealed class ConsulDiscovery : IDisposable, IAsyncDisposable
{
    private readonly Lazy<ConsulConnection> _connection;

    internal ConsulDiscovery(IServiceProvider services)
    {
        Options = services.GetRequiredService<IOptions<ConsulDiscoveryOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var random = SharedRandom.ThreadSafe;
        var logger = new SafeLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger(ConsulLog.Category));
        Metrics = new DiscoveryMetrics(services.GetRequiredService<IMeterFactory>(), ConsulLog.Category, "Consul");
        _connection = new Lazy<ConsulConnection>(() => new ConsulConnection(Options, ConsulTarget.Find(Options, Environment.GetEnvironmentVariable)));
        var api = new Lazy<ConsulApi>(() => new ConsulApi(_connection.Value, Options, Metrics, time));
        Watches = new WatchRegistry<ConsulServiceName, ServiceState>(
            name => new InstanceWatch(name, api.Value, Metrics, time, random, logger),
            name => logger.WatchEnded(name));
        Metrics.Observe(Watches);
    }

    internal ConsulDiscoveryOptions Options { get; }

    internal DiscoveryMetrics Metrics { get; }

    internal WatchRegistry<ConsulServiceName, ServiceState> Watches { get; }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await RunInBackground.EndAsync(Watches.StopAsync()).ConfigureAwait(false);
        if (_connection.IsValueCreated)
        {
            _connection.Value.Dispose();
        }
    }
}
