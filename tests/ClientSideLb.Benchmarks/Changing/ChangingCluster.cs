namespace ClientSideLb.Benchmarks.Changing;

/// <summary>A cluster to which one kind of change happens over and over, there and back.</summary>
internal sealed class ChangingCluster : IDisposable
{
    /// <summary>How many changes there and back are.</summary>
    internal const int Changes = 2;

    private static readonly HttpResponseMessage Response = new();

    private readonly Cluster _cluster;
    private readonly ClusterEndpoint _endpoint;
    private readonly EndpointDescription[][] _lists;
    private readonly Action _there;
    private readonly Action _back;

    internal ChangingCluster(string strategy, int endpoints, Change change, int levels = 1)
    {
        var list = Clusters.Listed(strategy, endpoints, levels);
        _lists = [list, [.. list[1..], Clusters.Described(strategy, endpoints)]];
        _cluster = Clusters.Create(strategy);
        _cluster.Update(_lists[0]);
        _endpoint = _cluster.Endpoints[endpoints / 2];
        foreach (var endpoint in _cluster.Endpoints)
        {
            endpoint.Record.HasAnswered = true;
            endpoint.Record.Probes.Add(failure: null, healthyThreshold: 1, unhealthyThreshold: 1);
        }

        (_there, _back) = change switch
        {
            Change.HealthFlip => ((Action)(() => Probe(HealthProbeResult.Failed("refused"))), (Action)(() => Probe(HealthProbeResult.Passed))),
            Change.Ejection => (() => End(AttemptVerdict.Failure, TimeSpan.FromMinutes(1)), () => End(AttemptVerdict.Success, setAside: null)),
            Change.Membership => (() => _cluster.Update(_lists[1]), () => _cluster.Update(_lists[0])),
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        };
        Check();
    }

    internal void ThereAndBack()
    {
        _there();
        _back();
    }

    public void Dispose() => _cluster.Dispose();

    // What is measured must be a change, each time.
    private void Check()
    {
        var before = State();
        _there();
        var there = State();
        _back();
        if (there == before || there == State())
        {
            throw new InvalidOperationException("Nothing has changed.");
        }

        (EndpointHealth, EndpointAddress) State() => (_endpoint.Health, _cluster.Snapshot.Endpoints[^1].Location);
    }

    private void Probe(HealthProbeResult result) => _cluster.ObserveProbe(_endpoint, result, TimeProvider.System.GetTimestamp());

    private void End(AttemptVerdict verdict, TimeSpan? setAside)
    {
        if (setAside is not null)
        {
            // Only the second Retry-After in a row sets an endpoint aside.
            _endpoint.Failures.ObserveRetryAfter();
        }

        var lease = EndpointLease.TryTake(_endpoint, TimeProvider.System.GetTimestamp())!;
        _cluster.Observe(lease, new AttemptResult { Endpoint = _endpoint, Request = null!, Response = Response, Verdict = verdict }, setAside);
        lease.Release();
    }
}
