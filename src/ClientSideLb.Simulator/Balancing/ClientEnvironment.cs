using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>Everything that the clients of a run share: options, clock, keys, and the addresses of the backends.</summary>
internal sealed class ClientEnvironment
{
    internal ClientEnvironment(ClientGroup group, IReadOnlyList<Backend> backends, TimeSpan roundTrip, VirtualTime time, StepScheduler scheduler)
    {
        Addresses = new BackendAddresses(backends.Select(static backend => backend.Weight));
        group.Balancer.ActiveHealthCheck.UseProbe(new SimulatedProbe(Addresses, backends, roundTrip, time));
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
}
