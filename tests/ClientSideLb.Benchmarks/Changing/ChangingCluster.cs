namespace ClientSideLb.Benchmarks.Changing;

/// <summary>A cluster to which one kind of change happens over and over, there and back.</summary>
internal sealed class ChangingCluster : IDisposable
{
    /// <summary>How many changes there and back are.</summary>
    internal const int Changes = 2;

    private readonly Cluster _cluster;
    private readonly ClusterEndpoint _endpoint;
    private readonly EndpointDescription[][] _lists;
    private readonly Action _there;
    private readonly Action _back;

    internal ChangingCluster(string strategy, int endpoints, Change change)
    {
        var list = Clusters.Listed(strategy, endpoints);
        _lists = [list, [.. list[1..], Clusters.Described(strategy, endpoints)]];
        _cluster = Clusters.Create(strategy);
        _cluster.Update(_lists[0]);
        _endpoint = _cluster.Endpoints[endpoints / 2];
        foreach (var endpoint in _cluster.Endpoints)
        {
            endpoint.ObserveWorking();
            endpoint.Probes.Add(failure: null, healthyThreshold: 1, unhealthyThreshold: 1);
        }

        (_there, _back) = change switch
        {
            Change.HealthFlip => ((Action)(() => Probe("refused")), (Action)(() => Probe(failure: null))),
            Change.Ejection => (() => End(Verdict.Failure, TimeSpan.FromMinutes(1)), () => End(Verdict.Success, setAside: null)),
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

    private void Probe(string? failure) => _cluster.ObserveProbe(_endpoint, failure, TimeProvider.System.GetTimestamp());

    private void End(Verdict verdict, TimeSpan? setAside)
    {
        var lease = new EndpointLease(_endpoint, TimeProvider.System.GetTimestamp());
        _cluster.Observe(lease, verdict, Answer.Other, setAside);
        lease.Release();
    }
}
