using ClientSideLb;
using Microsoft.Extensions.DependencyInjection;

namespace Quickstart;

/// <summary>One strategy: its own container, its own client, and a run with an outage in the middle.</summary>
internal sealed class StrategyRun : IDisposable
{
    private const int MaxKeys = 200;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private readonly ServiceProvider _services;
    private readonly AttemptCounter _attempts = new();
    private readonly Load _load;
    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private readonly int _requests;
    private readonly int _keys;

    internal StrategyRun(string strategy, BackendGroup backends, QuickstartOptions options)
    {
        Strategy = strategy;
        _requests = options.Requests;

        // Each key is sent at least once in each phase, also where half of a third goes by until the balancer notices the outage.
        _keys = Math.Clamp(options.Requests / Load.Phases / 2, 1, MaxKeys);

        var services = new ServiceCollection();
        services.AddHttpClient("api")
            .AddLoadBalancing(balancing =>
            {
                balancing.Strategy = strategy;
                foreach (var backend in backends)
                {
                    balancing.Endpoints.Add(new EndpointOptions { Address = backend.Address, Weight = backend.Weight });
                }

                // Off by default, because a backend need not have an address that answers probes. These have.
                balancing.ActiveHealthCheck.Enabled = true;
                balancing.ActiveHealthCheck.Path = Backend.HealthPath;

                // For a show of three seconds. The default of ten seconds, and two for a backend that is out, is what a service needs.
                balancing.ActiveHealthCheck.Interval = TimeSpan.FromMilliseconds(100);

                // The same: ten seconds by default. Here a probe mostly brings the backend back before that.
                balancing.OutlierDetection.BaseEjectionTime = TimeSpan.FromMilliseconds(500);
            })
            .AddHttpMessageHandler(_attempts.NewHandler);
        _services = services.BuildServiceProvider();

        // The cluster of a client appears with the first client, and so do its probes.
        var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var cluster = _services.GetRequiredService<IClusterRegistry>().Clusters.Single();

        Tallies = [.. backends.Select(backend => new BackendTally(
            backend, cluster.Endpoints.Single(endpoint => endpoint.Address == backend.Address)))];
        _load = new Load(client, strategy, Tallies, _keys);
        Outage = options.Outage is { } number ? new Outage(cluster, Tallies[number - 1], options.OutageKind, Announce) : null;
    }

    /// <summary>Raised with each event, one after the other.</summary>
    internal event Action<Event>? Happened;

    internal string Strategy { get; }

    /// <summary>Gets how many requests there are to be: as many as were asked for, or more where the outage took long to be noticed.</summary>
    internal int Requests => Math.Max(_requests, _load.Sent);

    internal Outage? Outage { get; }

    internal IReadOnlyList<BackendTally> Tallies { get; }

    internal Timings Timings => _load.Timings;

    internal int Failures => _load.Failures;

    internal string? FirstFailure => _load.FirstFailure;

    internal int Attempts => _attempts.Attempts;

    /// <summary>Gets how many attempts there were beyond the first one of each request.</summary>
    internal int Moved => Math.Max(0, Attempts - _load.Sent);

    internal bool IsOver => Timings.Count + Failures == Requests;

    /// <summary>Gets what has happened so far.</summary>
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
        await WhenHealthyAsync(cancellationToken);
        Announce($"all {Tallies.Count} backends are healthy");

        using var over = new CancellationTokenSource();
        var watching = Outage?.WatchAsync(over.Token) ?? Task.CompletedTask;
        try
        {
            await SendAsync(cancellationToken);
        }
        finally
        {
            await _load.WhenAnsweredAsync();
            await over.CancelAsync();
            await watching;
        }
    }

    internal double ShareOf(BackendTally tally) =>
        Tallies.Sum(static one => one.Requests) is > 0 and var all ? tally.Requests / (double)all : 0;

    /// <summary>Gets what the outage did to the keys so far, or <see langword="null"/> where there is nothing to see.</summary>
    internal KeyMoves? GetKeyMoves() =>
        StrategyGuide.IsHashing(Strategy) && Outage is not null ? _load.KeyOwners.Count(Outage.Tally.Endpoint) : null;

    internal RunResult GetResult() => new(
        Strategy,
        [.. Tallies.Select(ShareOf)],
        Timings.Mean(),
        Timings.Percentile(0.5),
        Timings.Percentile(0.99),
        Failures,
        Moved,
        Outage?.OutAfter,
        Outage?.BackAfter,
        GetKeyMoves());

    public void Dispose() => _services.Dispose();

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var third = _requests / Load.Phases;
        await _load.SendAsync(third, Phase.Before, cancellationToken);
        if (Outage is null)
        {
            await _load.SendAsync(_requests - third, phase: null, cancellationToken);
            return;
        }

        // The requests in between go on as well, and belong to no phase.
        var before = _load.Sent;
        await _load.SendUntilAsync(Outage.BeginAsync(cancellationToken), cancellationToken);
        await _load.SendAsync(Math.Max(_keys, third - (_load.Sent - before)), Phase.During, cancellationToken);
        await _load.SendUntilAsync(Outage.EndAsync(cancellationToken), cancellationToken);
        await _load.SendAsync(Math.Max(_keys, _requests - _load.Sent), Phase.After, cancellationToken);
    }

    // Requests that come before the first probes would all go to whichever backend answers first.
    private async Task WhenHealthyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (Tallies.FirstOrDefault(static tally => tally.Endpoint.Health != EndpointHealth.Healthy) is { } other)
        {
            await Task.Delay(Look, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested)
            {
                throw new BackendException($"Backend {other.Backend.Number} is {other.State} although it was started.");
            }
        }
    }

    private void Announce(string what)
    {
        lock (_lock)
        {
            var one = new Event(Timings.Count, what);
            _events.Add(one);
            Happened?.Invoke(one);
        }
    }
}
