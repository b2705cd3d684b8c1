using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Balancing;

/// <summary>
/// Probes simulated backends. A probe takes one round trip, and passes if the backend would answer a request. It does not wait in the queue
/// of the backend: health endpoints are assumed to answer at once.
/// </summary>
internal sealed class SimulatedProbe(BackendAddresses addresses, IReadOnlyList<Backend> backends, TimeSpan[] roundTrips, VirtualTime time) : IHealthProbe
{
    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        var backend = backends[addresses.IndexOf(endpoint)];
        await Task.Delay(backend.IsHanging ? Timeout.InfiniteTimeSpan : roundTrips[backend.Index], time, cancellationToken).ConfigureAwait(true);
        return backend.AnswersProbe(time.Now) ? HealthProbeResult.Passed : HealthProbeResult.Failed("it would not answer");
    }
}
