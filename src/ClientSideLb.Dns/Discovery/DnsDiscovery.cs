using System.Diagnostics.Metrics;
using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;
using ClientSideLb.Dns.Watching;
using ClientSideLb.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientSideLb.Dns.Discovery;

/// <summary>Owns everything that runs for one container: the watches. Thread-safe.</summary>
internal sealed class DnsDiscovery : IDisposable, IAsyncDisposable
{
    internal DnsDiscovery(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DnsDiscoveryOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var random = SharedRandom.ThreadSafe;
        var logger = new SafeLogger(services.GetRequiredService<ILoggerFactory>().CreateLogger(DnsDiscoveryLog.Category));
        var metrics = new DnsDiscoveryMetrics(services.GetRequiredService<IMeterFactory>());
        var transport = new DnsTransport(options, metrics);
        Metrics = metrics;
        Rules = new DnsNameRules(options);
        Watches = new WatchRegistry<DnsQuestion, NameState>(
            question => new NameWatch(question, options, transport, metrics, time, random, logger),
            question => logger.WatchEnded(question));
        metrics.Observe(Watches);
    }

    internal DiscoveryMetrics Metrics { get; }

    internal DnsNameRules Rules { get; }

    internal WatchRegistry<DnsQuestion, NameState> Watches { get; }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync() => await RunInBackground.EndAsync(Watches.StopAsync()).ConfigureAwait(false);
}
