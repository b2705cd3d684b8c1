using ClientSideLb;
using Microsoft.Extensions.DependencyInjection;

namespace Showdown;

/// <summary>A run of one strategy, with a container and a client of its own, and an outage in the middle.</summary>
internal sealed class StrategyRun : IDisposable
{
    private const int MaxKeys = 200;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly ServiceProvider _services;
    private readonly AttemptCounter _attempts = new();
    private readonly Load _load;
    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private readonly int _requests;
    private readonly int _keys;

    internal StrategyRun(string strategy, BackendGroup backends, ShowdownOptions options)
    {
        Strategy = strategy;
        _requests = options.Requests;

        // Half of a phase's requests, so that each key is sent in each phase even if the other half passes before the balancer notices the outage.
        _keys = Math.Clamp(options.Requests / Load.PhaseCount / 2, 1, MaxKeys);

        var services = new ServiceCollection();
        services.AddHttpClient("api")
            .AddLoadBalancing(balancing =>
            {
                balancing.Strategy = strategy;
                foreach (var backend in backends)
                {
                    balancing.Endpoints.Add(new EndpointOptions { Address = backend.Address, Weight = backend.Weight });
                }

                // Off by default, because not every backend has an address that answers probes.
                balancing.ActiveHealthCheck.Enabled = true;
                balancing.ActiveHealthCheck.Path = Backend.HealthPath;

                // Short, because a run takes three seconds. The defaults, ten seconds and two for a backend that is out, suit a real service.
                balancing.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(100);

                // Short for the same reason; the default is ten seconds. In most runs, a probe brings the backend back before the ejection ends.
                balancing.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(500);
            })
            .AddHttpMessageHandler(_attempts.CreateHandler);
        _services = services.BuildServiceProvider();

        // The cluster is created with the first client, and its probes start then.
        var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var cluster = _services.GetRequiredService<IClusterRegistry>().Clusters.Single();

        Tallies = [.. backends.Select(backend => new BackendTally(
            backend, cluster.Endpoints.Single(endpoint => endpoint.Address == backend.Address)))];
        _load = new Load(client, strategy, Tallies, _keys);
        Outage = options.Outage is { } number ? new Outage(cluster, Tallies[number - 1], options.OutageKind, Announce) : null;
    }

    /// <summary>Raised for each event, never for two at once.</summary>
    internal event Action<Event>? EventOccurred;

    internal string Strategy { get; }

    /// <summary>Gets the number of requests in the run. It grows if the balancer needs long to notice the outage.</summary>
    internal int Requests => Math.Max(_requests, _load.Sent);

    internal Outage? Outage { get; }

    internal IReadOnlyList<BackendTally> Tallies { get; }

    internal Timings Timings => _load.Timings;

    internal int Failures => _load.Failures;

    internal string? FirstFailure => _load.FirstFailure;

    internal int Attempts => _attempts.Attempts;

    /// <summary>Gets the number of attempts beyond the first of each request.</summary>
    internal int Moved => Math.Max(0, Attempts - _load.Sent);

    internal bool IsOver => Timings.Count + Failures == Requests;

    /// <summary>Gets the events so far.</summary>
    internal IReadOnlyList<Event> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await WaitUntilHealthyAsync(cancellationToken);
        Announce($"all {Tallies.Count} backends are healthy");

        using var over = new CancellationTokenSource();
        var watching = Outage?.WatchAsync(over.Token) ?? Task.CompletedTask;
        try
        {
            await SendAsync(cancellationToken);
        }
        finally
        {
            await _load.WaitForAnswersAsync();
            await over.CancelAsync();
            await watching;
        }
    }

    internal double GetShare(BackendTally tally) =>
        Tallies.Sum(static one => one.Requests) is > 0 and var all ? tally.Requests / (double)all : 0;

    /// <summary>Gets how the outage has moved the keys so far; <see langword="null"/> if the strategy does not hash keys, or without an outage.</summary>
    internal KeyMoves? GetKeyMoves() =>
        StrategyGuide.IsHashing(Strategy) && Outage is not null ? _load.KeyOwners.Compare(Outage.Tally.Endpoint) : null;

    internal RunResult GetResult() => new(
        Strategy,
        [.. Tallies.Select(GetShare)],
        Timings.GetMean(),
        Timings.GetPercentile(0.5),
        Timings.GetPercentile(0.99),
        Failures,
        Moved,
        Outage?.OutAfter,
        Outage?.BackAfter,
        GetKeyMoves());

    public void Dispose() => _services.Dispose();

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var third = _requests / Load.PhaseCount;
        await _load.SendAsync(third, Phase.Before, cancellationToken);
        if (Outage is null)
        {
            await _load.SendAsync(_requests - third, phase: null, cancellationToken);
            return;
        }

        // Requests go on while the backend goes out and comes back, but they belong to no phase.
        var before = _load.Sent;
        await _load.SendUntilAsync(Outage.BeginAsync(cancellationToken), cancellationToken);
        await _load.SendAsync(Math.Max(_keys, third - (_load.Sent - before)), Phase.During, cancellationToken);
        await _load.SendUntilAsync(Outage.EndAsync(cancellationToken), cancellationToken);
        await _load.SendAsync(Math.Max(_keys, _requests - _load.Sent), Phase.After, cancellationToken);
    }

    // Before all probes have answered, only the backends that are already healthy would get requests.
    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (Tallies.FirstOrDefault(static tally => tally.Endpoint.Health != EndpointHealth.Healthy) is { } other)
        {
            await Task.Delay(PollInterval, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (timeout.IsCancellationRequested)
            {
                throw new BackendException($"Backend {other.Backend.Number} is {other.State} although it was started.");
            }
        }
    }

    private void Announce(string text)
    {
        lock (_lock)
        {
            var one = new Event(Timings.Count, text);
            _events.Add(one);
            EventOccurred?.Invoke(one);
        }
    }
}
