namespace ClientSideLb.Simulator;

/// <summary>
/// Probes simulated backends: it takes a round trip, and passes where the backend would answer. A health endpoint is assumed to answer at
/// once, however many requests wait.
/// </summary>
internal sealed class SimulatedProbe(IReadOnlyDictionary<EndpointAddress, Backend> backends, TimeSpan roundTrip, VirtualTime time) : IHealthProbe
{
    public async ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken)
    {
        var backend = backends[endpoint.Location];
        await Task.Delay(backend.IsHanging ? Timeout.InfiniteTimeSpan : roundTrip, time, cancellationToken).ConfigureAwait(true);
        return backend.WouldAnswer(time.Now) ? HealthProbeResult.Passed : HealthProbeResult.Failed("it would not answer");
    }
}
