using ClientSideLb.Simulator.Randomness;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Looks up the owners of keys in a production cluster that has no traffic.</summary>
internal sealed class KeyLookup : IDisposable
{
    private readonly SeededRandom _random = new(seed: 1, stream: 0);
    private readonly SimulatedKeys _keys;
    private readonly BackendAddresses _addresses;
    private readonly Cluster _cluster;

    /// <param name="keys">The keys.</param>
    /// <param name="strategy">The strategy that maps keys to backends.</param>
    /// <param name="options">The options of the strategy.</param>
    /// <param name="backends">The number of backends that exist. None is listed yet.</param>
    internal KeyLookup(SimulatedKeys keys, ILoadBalancingStrategy strategy, LoadBalancingOptions options, int backends)
    {
        var time = new VirtualTime(new EventQueue());
        _keys = keys;
        _addresses = new BackendAddresses(Enumerable.Repeat(1, backends));
        _cluster = new Cluster("simulated", "backends", ClusterSettings.Of(options, strategy, time), time, _random, listeners: []);
    }

    public void Dispose() => _cluster.Dispose();

    /// <summary>Updates the endpoints of the cluster, as service discovery does.</summary>
    internal void UpdateEndpoints(IEnumerable<int> backends) => _cluster.Update(_addresses.Describe(backends));

    /// <summary>Gets the backend of each of the first keys.</summary>
    internal int[] GetOwners(int keys)
    {
        var request = new SimulatedRequest(0);
        var owners = new int[keys];
        for (var key = 0; key < keys; key++)
        {
            request.Key = key;
            var context = new PickContext(_random, _keys, request, tried: null, now: TimeSpan.Zero);
            owners[key] = _addresses.IndexOf(_cluster.Snapshot.GetView(httpsOnly: false).Find(in context, EndpointSearch.Available, out _)!);
        }

        return owners;
    }
}
