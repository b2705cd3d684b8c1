using System.Diagnostics;
using ClientSideLb;

namespace Showdown;

/// <summary>Takes one backend out and brings it back while requests go on, and watches how the balancer reacts.</summary>
/// <param name="cluster">The cluster of the balancer.</param>
/// <param name="tally">The backend.</param>
/// <param name="kind">How the backend goes out.</param>
/// <param name="announce">Called with each event.</param>
internal sealed class Outage(ICluster cluster, BackendTally tally, OutageKind kind, Action<string> announce)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // How long to wait until a request is under way at the backend. The limit is short, because with few keys there may never be one.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Backend _backend = tally.Backend;
    private readonly ClusterEndpoint _endpoint = tally.Endpoint;
    private readonly Stopwatch _clock = new();
    private volatile int _answeredBefore = int.MaxValue;

    /// <summary>Gets the time from the kill, or the drain, until the balancer stopped sending requests to the backend.</summary>
    internal TimeSpan? OutAfter { get; private set; }

    /// <summary>Gets the time from the restart of the backend until the balancer took it back.</summary>
    internal TimeSpan? BackAfter { get; private set; }

    internal OutageKind Kind => kind;

    internal BackendTally Tally => tally;

    /// <summary>Announces each change of the backend's health, and its first answer after the outage, until cancellation.</summary>
    internal async Task WatchAsync(CancellationToken cancellationToken)
    {
        var known = _endpoint.Health;
        var answeredAgain = false;
        do
        {
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
    /// <returns>A task that completes when the balancer has stopped sending requests to the backend.</returns>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (kind == OutageKind.Kill)
        {
            await WaitForAsync(() => _endpoint.InFlight > 0, RequestTimeout, cancellationToken);
            var underWay = _endpoint.InFlight;
            _clock.Restart();
            var killed = _backend.KillAsync();
            announce($"backend {_backend.Number} is killed, {Wording.FormatCount(underWay, "request")} under way there");
            await ExpectAsync(() => !_endpoint.IsAvailable, "was not taken out", cancellationToken);
            OutAfter = _clock.Elapsed;
            await killed;
            return;
        }

        announce($"backend {_backend.Number} is to drain");
        _clock.Restart();
        ThrowIfUnknown(cluster.TryDrain(_backend.Address));
        OutAfter = _clock.Elapsed;
        await _endpoint.WaitUntilIdleAsync(cancellationToken);
        await _backend.StopAsync();
        announce($"backend {_backend.Number} is idle, and stopped");
    }

    /// <summary>Starts the backend again, at the same address.</summary>
    /// <returns>A task that completes when the balancer has taken the backend back.</returns>
    /// <exception cref="BackendException">The backend cannot be started again.</exception>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        _answeredBefore = tally.Requests;
        await _backend.StartAsync();
        _clock.Restart();
        announce($"backend {_backend.Number} is started again");
        if (kind == OutageKind.Drain)
        {
            ThrowIfUnknown(cluster.TryResume(_backend.Address));
        }

        await ExpectAsync(() => _endpoint.IsAvailable, "was not taken back", cancellationToken);
        BackAfter = _clock.Elapsed;
    }

    private static async Task<bool> WaitForAsync(Func<bool> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > timeout)
            {
                return false;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        return true;
    }

    private async Task ExpectAsync(Func<bool> condition, string failure, CancellationToken cancellationToken)
    {
        if (!await WaitForAsync(condition, Timeout, cancellationToken))
        {
            throw new BackendException($"Backend {_backend.Number} {failure} within {Timeout.TotalSeconds} seconds; it is {tally.State}.");
        }
    }

    // A drain or a resume fails only if the cluster does not have the address.
    private void ThrowIfUnknown(bool found)
    {
        if (!found)
        {
            throw new InvalidOperationException($"The cluster '{cluster.ServiceName}' has no endpoint {_backend.Address}.");
        }
    }
}
