using System.Diagnostics.Metrics;
using ClientSideLb.Consul.Api;
using ClientSideLb.Consul.Configuration;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Watching;
using ClientSideLb.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Primitives;

namespace ClientSideLb.Consul.Tests.Support;

/// <summary>One service that is watched at the test's Consul, over real sockets, by a clock that the test moves.</summary>
internal sealed class WatchLab : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConsulConnection _connection;
    private readonly ConsulDiscoveryOptions _options;
    private int _ended;

    internal WatchLab(Uri consul, Action<ConsulDiscoveryOptions>? configure = null, string? tag = null, long longestAnswer = ConsulApi.LongestAnswer)
    {
        _options = new ConsulDiscoveryOptions { Address = consul };
        configure?.Invoke(_options);
        _connection = new ConsulConnection(_options, ConsulTarget.Find(_options, static _ => null));
        var metrics = new DiscoveryMetrics(_services.GetRequiredService<IMeterFactory>(), "ClientSideLb.Consul", "Consul");
        Watch = new InstanceWatch(
            new ConsulServiceName("api", tag), new ConsulApi(_connection, _options, metrics, Time, longestAnswer), metrics, Time, new Random(17), Log);
    }

    internal RecordingTimeProvider Time { get; } = new();

    internal FakeLogger Log { get; } = new();

    internal InstanceWatch Watch { get; }

    internal string[] Messages => [.. Log.Collector.GetSnapshot().Select(static record => record.Message)];

    internal int[] EventIds => [.. Log.Collector.GetSnapshot().Select(static record => record.Id.Id)];

    /// <summary>Gets the addresses that are known now.</summary>
    internal string[] Known => [.. Watch.Latest!.Instances.Select(static one => $"{one.Host}:{one.Port}")];

    /// <summary>Gets the time limits of the requests so far.</summary>
    internal TimeSpan[] TimeLimits => [.. Time.Pauses.Where(IsTimeLimit)];

    /// <summary>Gets the pauses so far. One after a failure is in two parts: only the second one ends early.</summary>
    internal TimeSpan[] Pauses => [.. Time.Pauses.Where(one => !IsTimeLimit(one))];

    internal async Task<ServiceState> AskAsync() => (await Watch.GetStateAsync(CancellationToken.None)).State;

    /// <summary>Gets the token that fires when what is known now is not the latest any more.</summary>
    internal IChangeToken ChangeToken => Watch.GetStateAsync(CancellationToken.None).Result.ChangeToken;

    /// <summary>Waits until the watch has written a line to the log.</summary>
    internal Task LoggedAsync(int eventId, int times = 1) =>
        Eventually.TrueAsync(() => EventIds.Count(one => one == eventId) >= times, $"event {eventId} is logged; so far: {string.Join(" | ", Messages)}");

    /// <summary>Waits until the watch has paused a number of times, without ending the last pause.</summary>
    internal Task PausesAsync(int pauses) =>
        Eventually.TrueAsync(() => Pauses.Length == pauses, $"the watch pauses {pauses} times");

    /// <summary>Waits until the watch pauses, and ends that pause.</summary>
    /// <returns>The length of the pause.</returns>
    internal async Task<TimeSpan> EndPauseAsync()
    {
        await Eventually.TrueAsync(() => Pauses.Length > _ended, "the watch pauses");
        var pause = Pauses[_ended++];
        Time.Advance(pause);
        return pause;
    }

    private bool IsTimeLimit(TimeSpan timer) => timer == _options.RequestTimeout || timer == (_options.Wait * 17 / 16) + _options.RequestTimeout;

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        _connection.Dispose();
        await _services.DisposeAsync();
    }
}
