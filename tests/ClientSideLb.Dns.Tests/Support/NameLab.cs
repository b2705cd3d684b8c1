using System.Diagnostics.Metrics;
using ClientSideLb.Dns.Lookup;
using ClientSideLb.Dns.Questions;
using ClientSideLb.Dns.Telemetry;
using ClientSideLb.Dns.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Dns.Tests.Support;

/// <summary>One name that is looked up at a server, over real sockets, by a clock that the test moves.</summary>
internal sealed class NameLab : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NameWatch _name;
    private int _pauses;

    internal NameLab(string server, string name, bool isSrv = false, Action<DnsDiscoveryOptions>? configure = null)
    {
        var options = new DnsDiscoveryOptions();
        options.Servers.Add(server);
        configure?.Invoke(options);
        var metrics = new DnsDiscoveryMetrics(_services.GetRequiredService<IMeterFactory>());
        _name = new NameWatch(new DnsQuestion(name, isSrv), options, new DnsTransport(options, metrics), metrics, Time, new Random(17), Log);
    }

    internal RecordingTimeProvider Time { get; } = new();

    internal FakeLogger Log { get; } = new();

    internal string[] Messages => [.. Told.Select(static record => record.Message)];

    internal int[] EventIds => [.. Told.Select(static record => record.Id.Id)];

    // Without the lines about the endpoints, which nearly each test has.
    private IEnumerable<FakeLogRecord> Told => Log.Collector.GetSnapshot().Where(static record => record.Id.Id != 200);

    /// <summary>Gets what is known now: the endpoints as text, with priority and weight of SRV records.</summary>
    internal string[] Known => [.. _name.Latest!.Endpoints.Select(static one =>
        one.Port is null ? $"{one.Address}" : $"{one.Priority}/{one.Weight} {new System.Net.IPEndPoint(one.Address, one.Port.Value)}")];

    internal IChangeToken ChangeToken => _name.GetStateAsync(CancellationToken.None).Result.ChangeToken;

    internal NameState State => _name.Latest!;

    /// <summary>Makes the first lookup, and returns how long it takes to the next one.</summary>
    internal async Task<TimeSpan> FirstAsync()
    {
        await _name.GetStateAsync(CancellationToken.None);
        return await NextPauseAsync();
    }

    /// <summary>Lets the time pass until the next lookup, makes it, and returns how long it takes to the one after it.</summary>
    internal async Task<TimeSpan> NextAsync()
    {
        Time.Advance(Time.Pauses.Last());
        return await NextPauseAsync();
    }

    public void Dispose()
    {
        _name.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _services.Dispose();
    }

    private async Task<TimeSpan> NextPauseAsync()
    {
        await Eventually.TrueAsync(() => Time.Pauses.Count > _pauses, "the lookup ends, and the next one is waited for");
        _pauses = Time.Pauses.Count;
        return Time.Pauses.Last();
    }
}
