using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>A client with its balancer: a production cluster and its prober.</summary>
internal sealed class BalancedClient : IDisposable
{
    private readonly ClientEnvironment _environment;
    private readonly Cluster _cluster;
    private readonly SeededRandom _random;

    /// <param name="index">The index among all clients.</param>
    /// <param name="environment">Everything that the clients share.</param>
    /// <param name="random">The source of the random numbers of picks. Arrivals have another source, so that they do not depend on the strategy.</param>
    /// <param name="onStateChanging">Called while the cluster changes the state of an endpoint. The change is visible when the cluster returns.</param>
    internal BalancedClient(int index, ClientEnvironment environment, SeededRandom random, Action<BalancedClient> onStateChanging)
    {
        Index = index;
        _environment = environment;
        _random = random;
        var log = new StateLog(() => onStateChanging(this));
        _cluster = new Cluster("simulated", "backends", environment.Settings.Cluster, environment.Time, random, log, SilentMetrics.Instance);
        var prober = new HealthProber(
            _cluster, static options => options.GetProbe()!, environment.Time, random, log, environment.Scheduler, CancellationToken.None);
        _cluster.Changed = prober.Wake;
    }

    internal int Index { get; }

    public void Dispose() => _cluster.Dispose();

    /// <summary>Updates the endpoints of the cluster, as service discovery does.</summary>
    internal void UpdateEndpoints(IEnumerable<int> backends) => _cluster.Update(_environment.Addresses.Describe(backends));

    /// <summary>Tells whether the client sends requests to a backend at present.</summary>
    internal bool Uses(int backend)
    {
        foreach (var endpoint in _cluster.Snapshot.Set.AllArray)
        {
            if (_environment.Addresses.IsAt(endpoint, backend))
            {
                return endpoint.IsAvailable;
            }
        }

        return false;
    }

    /// <summary>Begins the next attempt of a request: picks its backend and takes a lease.</summary>
    /// <returns>Whether there is an endpoint.</returns>
    internal bool TryBeginAttempt(SimulatedRequest request)
    {
        request.Lease = AttemptLease.Acquire(
            _cluster, _random, _environment.Keys, request, request.Tried, httpsOnly: false, _environment.IsIdempotent);
        if (request.Lease is not { } lease)
        {
            return false;
        }

        request.Attempts++;
        request.Backend = _environment.Addresses.IndexOf(lease.Endpoint);
        return true;
    }

    /// <summary>Ends the current attempt of a request, and reports its result to the cluster.</summary>
    internal void EndAttempt(SimulatedRequest request, Outcome outcome)
    {
        var lease = request.Lease!;
        var result = _environment.Results[outcome];
        _cluster.Observe(lease, result.Verdict, result.Answer);
        lease.Release();
        request.Lease = null;
    }

    /// <summary>Decides whether a request whose attempt has ended moves to another endpoint. If so, it may take a token from the retry budget.</summary>
    internal bool TryMove(SimulatedRequest request, Outcome outcome)
    {
        var result = _environment.Results[outcome];
        return result.IsFailure && Failover.MayMove(
            _environment.Settings.Failover, _cluster, request.Tried, httpsOnly: false, request.Attempts, result.IsNothingSent, _environment.IsIdempotent);
    }
}
