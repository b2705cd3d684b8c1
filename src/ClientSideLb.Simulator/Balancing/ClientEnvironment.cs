using System.Globalization;
using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Everything that the clients of a group share: options, clock, keys, and the addresses of the backends.</summary>
internal sealed class ClientEnvironment
{
    private readonly HashSet<int> _known;
    private readonly bool _hasOwnSubsets;
    private readonly int _seed;

    /// <param name="group">The group.</param>
    /// <param name="addresses">The addresses of all backends.</param>
    /// <param name="backends">The backends.</param>
    /// <param name="roundTrips">The time on the network between the group and each backend, in nanoseconds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="scheduler">Runs the probers.</param>
    /// <param name="seed">The seed of the scenario.</param>
    internal ClientEnvironment(
        ClientGroup group, BackendAddresses addresses, IReadOnlyList<Backend> backends, long[] roundTrips, VirtualTime time, StepScheduler scheduler, int seed)
    {
        Addresses = addresses;
        _known = [.. BackendList.Parse(group.Backends, backends.Count)];
        group.Balancer.ActiveHealthCheck.UseProbe(new SimulatedProbe(Addresses, backends, Array.ConvertAll(roundTrips, Nanoseconds.ToTimeSpan), time));
        Settings = ClientSettings.Of(group.Balancer, BuiltInStrategies.Catalog, time);
        Results = new SimulatedResults(Settings.Failures, Settings.Failover.MoveRejected);
        Keys = new SimulatedKeys(group.Keys.Count);
        Needs = new EndpointNeeds(HttpsOnly: false, group.Idempotent);
        _seed = seed;
        _hasOwnSubsets = group.Balancer.Subset.ClientId is null;
        Time = time;
        Scheduler = scheduler;
    }

    internal BackendAddresses Addresses { get; }

    internal ClientSettings Settings { get; }

    internal SimulatedResults Results { get; }

    internal SimulatedKeys Keys { get; }

    /// <summary>Gets what the requests need of an endpoint.</summary>
    internal EndpointNeeds Needs { get; }

    internal VirtualTime Time { get; }

    internal StepScheduler Scheduler { get; }

    /// <summary>
    /// Gets the settings of a client's cluster. The identity that all clients of a process share by default would give all of them the same subset, and a
    /// run could not be repeated.
    /// </summary>
    /// <param name="client">The index of the client.</param>
    internal ClusterSettings GetSettings(int client) => Settings.Cluster.Subset is { } subset && _hasOwnSubsets
        ? Settings.Cluster with { Subset = subset with { Seed = KeyHash.Of(string.Create(CultureInfo.InvariantCulture, $"client-{_seed}-{client}")) } }
        : Settings.Cluster;

    /// <summary>Tells whether service discovery lists a backend to these clients when the backend is there.</summary>
    internal bool Knows(int backend) => _known.Contains(backend);
}
