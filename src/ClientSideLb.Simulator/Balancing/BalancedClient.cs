using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Randomness;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>A client with its balancer: a production cluster and its prober.</summary>
internal sealed class BalancedClient : IDisposable
{
    private readonly ClientEnvironment _environment;
    private readonly Cluster _cluster;

    /// <param name="index">The index among all clients.</param>
    /// <param name="group">The index of its group.</param>
    /// <param name="environment">Everything that the clients of the group share.</param>
    /// <param name="random">The source of the random numbers of picks. Arrivals have another source, so that they do not depend on the strategy.</param>
    /// <param name="onStateChanged">Called after the cluster has changed the state of an endpoint.</param>
    internal BalancedClient(int index, int group, ClientEnvironment environment, SeededRandom random, Action<BalancedClient> onStateChanged)
    {
        Index = index;
        Group = group;
        _environment = environment;
        _cluster = new Cluster(
            "simulated", "backends", environment.GetSettings(index), environment.Time, random, [new StateListener(() => onStateChanged(this))]);
        _cluster.Subscribe(new HealthProber(
            _cluster, static settings => settings.OwnProbe!, environment.Time, random, SilentTelemetry.Instance, environment.Scheduler, CancellationToken.None));
    }

    internal int Index { get; }

    internal int Group { get; }

    /// <summary>Gets a value indicating whether a request for which there is no endpoint gets a 429 from the client itself, as in production.</summary>
    internal bool RejectsRequests => _cluster.IsRejecting(_cluster.Snapshot, _environment.Needs.HttpsOnly);

    /// <summary>Gets the number of requests that wait for an endpoint that has room.</summary>
    internal int Queued => _cluster.Waiting.Count;

    public void Dispose() => _cluster.Dispose();

    /// <summary>Updates the endpoints of the cluster to those of the listed backends that the client knows, as service discovery does.</summary>
    internal void UpdateEndpoints(IEnumerable<int> listed) => _cluster.Update(_environment.Addresses.Describe(listed.Where(_environment.Knows)));

    /// <summary>Tells whether service discovery lists a backend to the client when the backend is there.</summary>
    internal bool Knows(int backend) => _environment.Knows(backend);

    /// <summary>Tells whether the client sends requests to a backend at present.</summary>
    internal bool Uses(int backend)
    {
        foreach (var endpoint in _cluster.Snapshot.Members)
        {
            if (_environment.Addresses.IsAt(endpoint, backend))
            {
                return endpoint.IsAvailable;
            }
        }

        return false;
    }

    /// <summary>
    /// Begins the next attempt of a request: picks its backend and takes a lease. If all endpoints are full, the request may begin to wait.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isSaturated">Whether there is no endpoint because all are full.</param>
    /// <returns>Whether the attempt has begun.</returns>
    internal bool TryBeginAttempt(SimulatedRequest request, out bool isSaturated)
    {
        var lease = _cluster.AcquireUntried(_environment.Keys, request, request.Tried, _environment.Needs, out var shortage);
        isSaturated = lease is null && shortage.IsFull;
        request.Wait = isSaturated ? _cluster.Waiting.TryWait(_environment.Keys, request, request.Tried, _environment.Needs) : null;
        return TakeLease(request, lease);
    }

    /// <summary>Ends the wait of a request.</summary>
    /// <param name="request">The request. Its wait is over.</param>
    /// <param name="mustLookAgain">Whether the request must begin its attempt once more, because there is nothing left to wait for.</param>
    /// <returns>Whether the attempt has begun.</returns>
    internal bool TryEndWait(SimulatedRequest request, out bool mustLookAgain)
    {
        var result = request.Wait!.Ended.GetAwaiter().GetResult();
        request.Wait = null;
        mustLookAgain = result.End == WaitEnd.NothingToWaitFor;
        return TakeLease(request, result.Lease);
    }

    /// <summary>Ends the current attempt of a request, and reports its result to the cluster.</summary>
    internal void EndAttempt(SimulatedRequest request, Outcome outcome)
    {
        var lease = request.Lease!;
        var simulated = _environment.Results[outcome];
        var result = simulated.Attempt with { Endpoint = lease.Endpoint };
        request.CountedAttempts += FailoverRules.CountAttempt(in result);
        _cluster.Observe(lease, in result, simulated.SetAside);
        lease.Release();
        request.Lease = null;
    }

    /// <summary>Decides whether a request whose attempt has ended moves to another endpoint. If so, it may take a token from the retry budget.</summary>
    internal bool TryMove(SimulatedRequest request, Outcome outcome)
    {
        var result = _environment.Results[outcome];

        // A request that was rejected has not been processed, so its method does not matter.
        var needs = result.Attempt.IsRejected ? _environment.Needs with { IsReplayable = true } : _environment.Needs;
        return result.Attempt.MayDoBetterElsewhere && FailoverRules.TryMove(
            _environment.Settings.Failover, _cluster, request.Tried, needs, request.CountedAttempts, result.IsUnprocessed);
    }

    private bool TakeLease(SimulatedRequest request, EndpointLease? lease)
    {
        request.Lease = lease;
        if (lease is null)
        {
            return false;
        }

        request.Attempts++;
        request.Backend = _environment.Addresses.IndexOf(lease.Endpoint);
        return true;
    }
}
