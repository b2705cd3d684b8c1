namespace ClientSideLb;

/// <summary>Asks an endpoint whether it works: a probe of your own for <see cref="ActiveHealthCheckOptions.UseProbe"/>.</summary>
public interface IHealthProbe
{
    /// <summary>
    /// Probes an endpoint. Calls come from any thread. The next call for the same endpoint comes after this one has ended or has run into
    /// its timeout.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Cancelled after <see cref="ActiveHealthCheckOptions.Timeout"/>, and when the container is disposed.</param>
    /// <returns>Whether the endpoint works, and if not, why. An exception means that it does not work.</returns>
    ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken);
}
