using System.Net;
using ClientSideLb.Benchmarks.Picking;

namespace ClientSideLb.Benchmarks.Guarding;

/// <summary>A cluster of three endpoints that are full, and a queue that stays as long as it is: for each request that gets room, another one joins.</summary>
internal sealed class FullQueue : IDisposable
{
    private const int Endpoints = 3;

    private static readonly EndpointNeeds Needs = new(HttpsOnly: false, IsReplayable: true);

    private readonly NoKeys _keys = new();
    private readonly Cluster _cluster;
    private readonly Queue<Waiter> _waiters = new();
    private readonly Queue<EndpointLease> _leases = new();

    internal FullQueue(int waiting)
    {
        var options = new LoadBalancingOptions();
        (options.Concurrency.MaxInFlightPerEndpoint, options.Concurrency.QueueLimit, options.Concurrency.QueueTimeout) = (1, waiting + 1, TimeSpan.FromHours(1));
        var settings = ClusterSettings.Of(options, Strategies.Of(LoadBalancingStrategies.PowerOfTwoChoices), TimeProvider.System);
        _cluster = new Cluster("client", "api", settings, TimeProvider.System, new Random(1), listeners: []);
        _cluster.Update([.. Enumerable.Range(0, Endpoints).Select(static i => new EndpointDescription(Pickers.AddressOf(i)))]);
        for (var i = 0; i < Endpoints; i++)
        {
            _leases.Enqueue(_cluster.AcquireUntried(_keys, this, tried: null, Needs)!);
        }

        for (var i = 0; i < waiting; i++)
        {
            Join();
        }
    }

    /// <summary>Releases leases. Each release gives the first in the queue its place.</summary>
    internal void Release(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _leases.Dequeue().Release();
            _leases.Enqueue(_waiters.Dequeue().Ended.Result.Lease!);
            Join();
        }
    }

    public void Dispose() => _cluster.Dispose();

    private void Join() => _waiters.Enqueue(_cluster.Waiting.TryWait(_keys, this, tried: null, Needs)!);

    private sealed class NoKeys : PickKeys
    {
        internal override string? GetHashKey(object request) => null;

        internal override IPAddress? GetClientIp(object request) => null;
    }
}
