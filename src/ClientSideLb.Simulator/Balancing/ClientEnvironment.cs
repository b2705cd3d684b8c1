using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Everything that the clients of a group share: options, clock, keys, and the addresses of the backends.</summary>
internal sealed class ClientEnvironment
{
    private readonly HashSet<int> _known;

    /// <param name="group">The group.</param>
    /// <param name="addresses">The addresses of all backends.</param>
    /// <param name="backends">The backends.</param>
    /// <param name="roundTrips">The time on the network between the group and each backend, in nanoseconds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="scheduler">Runs the probers.</param>
    internal ClientEnvironment(
        ClientGroup group, BackendAddresses addresses, IReadOnlyList<Backend> backends, long[] roundTrips, VirtualTime time, StepScheduler scheduler)
    {
        Addresses = addresses;
        _known = [.. BackendList.Parse(group.Backends, backends.Count)];
        group.Balancer.ActiveHealthCheck.UseProbe(new SimulatedProbe(Addresses, backends, Array.ConvertAll(roundTrips, Nanoseconds.ToTimeSpan), time));
        Settings = ClientSettings.Of(group.Balancer, BuiltInStrategies.Catalog, time);
        Results = new SimulatedResults(Settings.Failures, Settings.Failover.MoveRejected);
        Keys = new SimulatedKeys(group.Keys.Count);
        Needs = new EndpointNeeds(HttpsOnly: false, group.Idempotent);
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

    /// <summary>Tells whether service discovery lists a backend to these clients when the backend is there.</summary>
    internal bool Knows(int backend) => _known.Contains(backend);
}
