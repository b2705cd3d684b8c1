using System.Diagnostics;
using ClientSideLb;

namespace Quickstart;

/// <summary>Takes one backend out and brings it back, while requests go on, and watches what the balancer makes of it.</summary>
/// <param name="cluster">The cluster as the balancer sees it.</param>
/// <param name="tally">The backend.</param>
/// <param name="kind">How the backend goes out.</param>
/// <param name="announce">Told what happens.</param>
internal sealed class Outage(ICluster cluster, BackendTally tally, OutageKind kind, Action<string> announce)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Requests to a fast backend are short. It is not waited for long, because with few keys none may be the backend's.
    private static readonly TimeSpan PatienceForRequest = TimeSpan.FromMilliseconds(250);

    private readonly Backend _backend = tally.Backend;
    private readonly ClusterEndpoint _endpoint = tally.Endpoint;
    private readonly Stopwatch _clock = new();
    private volatile int _answeredBefore = int.MaxValue;

    /// <summary>Gets how long after the kill, or the drain, the balancer sent nothing more to the backend.</summary>
    internal TimeSpan? OutAfter { get; private set; }

    /// <summary>Gets how long after the backend was up the balancer had it back.</summary>
    internal TimeSpan? BackAfter { get; private set; }

    internal OutageKind Kind => kind;

    internal BackendTally Tally => tally;

    /// <summary>Announces each state that the balancer gives to the backend, and its first answer after the outage, until it is cancelled.</summary>
    internal async Task WatchAsync(CancellationToken cancellationToken)
    {
        var known = _endpoint.Health;
        var answeredAgain = false;
        do
        {
            await Task.Delay(Look, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_endpoint.Health != known)
            {
                known = _endpoint.Health;
                announce($"backend {_backend.Number} is {known.ToString().ToLowerInvariant()}");
            }

            if (!answeredAgain && tally.Requests > _answeredBefore)
            {
                answeredAgain = true;
                announce($"backend {_backend.Number} takes requests");
            }
        }
        while (!cancellationToken.IsCancellationRequested);
    }

    /// <summary>Begins the outage.</summary>
    /// <returns>A task that completes when the balancer sends nothing more to the backend.</returns>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (kind == OutageKind.Kill)
        {
            await IsReachedAsync(() => _endpoint.InFlight > 0, PatienceForRequest, cancellationToken);
            var underWay = _endpoint.InFlight;
            _clock.Restart();
            var killed = _backend.KillAsync();
            announce($"backend {_backend.Number} is killed, {Wording.Count(underWay, "request")} under way there");
            await ExpectAsync(() => !_endpoint.IsAvailable, "was not taken out", cancellationToken);
            OutAfter = _clock.Elapsed;
            await killed;
            return;
        }

        announce($"backend {_backend.Number} is to drain");
        _clock.Restart();
        ExpectKnown(cluster.TryDrain(_backend.Address));
        OutAfter = _clock.Elapsed;
        await _endpoint.WaitUntilIdleAsync(cancellationToken);
        await _backend.StopAsync();
        announce($"backend {_backend.Number} is idle, and stopped");
    }

    /// <summary>Starts the backend again, at the same address.</summary>
    /// <returns>A task that completes when the balancer sends requests to it.</returns>
    /// <exception cref="BackendException">It cannot be started again.</exception>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        _answeredBefore = tally.Requests;
        await _backend.StartAsync();
        _clock.Restart();
        announce($"backend {_backend.Number} is started again");
        if (kind == OutageKind.Drain)
        {
            ExpectKnown(cluster.TryResume(_backend.Address));
        }

        await ExpectAsync(() => _endpoint.IsAvailable, "was not taken back", cancellationToken);
        BackAfter = _clock.Elapsed;
    }

    private static async Task<bool> IsReachedAsync(Func<bool> state, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!state())
        {
            if (waited.Elapsed > patience)
            {
                return false;
            }

            await Task.Delay(Look, cancellationToken);
        }

        return true;
    }

    private async Task ExpectAsync(Func<bool> state, string otherwise, CancellationToken cancellationToken)
    {
        if (!await IsReachedAsync(state, Patience, cancellationToken))
        {
            throw new BackendException($"Backend {_backend.Number} {otherwise} within {Patience.TotalSeconds} seconds; it is {tally.State}.");
        }
    }

    // The answer is "no" only for an address that the cluster does not have.
    private void ExpectKnown(bool known)
    {
        if (!known)
        {
            throw new InvalidOperationException($"The cluster '{cluster.ServiceName}' has no endpoint {_backend.Address}.");
        }
    }
}
