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
    /// <param name="addresses">The addresses of the backends that exist. None is listed yet.</param>
    /// <param name="createSettings">Creates the settings of the cluster, with the strategy that maps keys to backends.</param>
    internal KeyLookup(SimulatedKeys keys, BackendAddresses addresses, Func<TimeProvider, ClusterSettings> createSettings)
    {
        var time = new VirtualTime(new EventQueue());
        _keys = keys;
        _addresses = addresses;
        _cluster = new Cluster("simulated", "backends", createSettings(time), time, _random, listeners: []);
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
