using ClientSideLb;
using Microsoft.Extensions.DependencyInjection;

namespace Quickstart;

/// <summary>One strategy: its own container, its own client, and a run with an outage in the middle.</summary>
internal sealed class StrategyRun : IDisposable
{
    private const int MaxKeys = 200;

    private readonly ServiceProvider _services;
    private readonly Load _load;
    private readonly Outage? _outage;

    internal StrategyRun(string strategy, BackendGroup backends, QuickstartOptions options)
    {
        Strategy = strategy;
        Requests = options.Requests;
        Stage = $"all {backends.Count} backends are up";

        var services = new ServiceCollection();
        services.AddHttpClient("api").AddLoadBalancing(balancing =>
        {
            balancing.Strategy = strategy;
            foreach (var backend in backends)
            {
                balancing.Endpoints.Add(new EndpointOptions { Address = backend.Address, Weight = backend.Weight });
            }
        });
        _services = services.BuildServiceProvider();

        // The cluster of a client appears with the first client.
        var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        var cluster = _services.GetRequiredService<IClusterRegistry>().Clusters.Single();

        Tallies = [.. backends.Select(backend => new BackendTally(
            backend, cluster.Endpoints.Single(endpoint => endpoint.Address == backend.Address)))];

        // Each key is sent at least once in each phase.
        _load = new Load(client, strategy, Tallies, keys: Math.Min(MaxKeys, options.Requests / Load.Phases));
        _outage = options.Outage is { } number ? new Outage(cluster, backends[number - 1]) : null;
        OutageNumber = options.Outage;
    }

    /// <summary>Raised with each new <see cref="Stage"/>.</summary>
    internal event Action<string>? StageChanged;

    internal string Strategy { get; }

    internal int Requests { get; }

    internal int? OutageNumber { get; }

    /// <summary>Gets what is happening to the backends.</summary>
    internal string Stage { get; private set; }

    internal IReadOnlyList<BackendTally> Tallies { get; }

    internal Timings Timings => _load.Timings;

    internal int Failures => _load.Failures;

    internal string? FirstFailure => _load.FirstFailure;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var third = Requests / Load.Phases;
        try
        {
            Announce(Stage);
            await _load.SendAsync(third, Phase.Before, cancellationToken);

            _outage?.Begin(Announce, cancellationToken);
            await _load.SendAsync(third, Phase.During, cancellationToken);

            await (_outage?.EndAsync(Announce) ?? Task.CompletedTask);
            await _load.SendAsync(Requests - (2 * third), Phase.After, cancellationToken);
        }
        finally
        {
            await _load.WhenAnsweredAsync();
        }
    }

    internal double ShareOf(BackendTally tally) =>
        Tallies.Sum(static one => one.Requests) is > 0 and var all ? tally.Requests / (double)all : 0;

    /// <summary>Gets what the outage did to the keys so far, or <see langword="null"/> where there is nothing to see.</summary>
    internal KeyMoves? GetKeyMoves() =>
        StrategyGuide.IsHashing(Strategy) && _outage is not null ? _load.KeyOwners.Count() : null;

    internal RunResult GetResult() => new(
        Strategy,
        [.. Tallies.Select(ShareOf)],
        Timings.Mean(),
        Timings.Percentile(0.5),
        Timings.Percentile(0.99),
        Failures,
        GetKeyMoves());

    public void Dispose() => _services.Dispose();

    private void Announce(string stage)
    {
        Stage = stage;
        StageChanged?.Invoke(stage);
    }
}
