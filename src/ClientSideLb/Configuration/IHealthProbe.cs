namespace ClientSideLb;

/// <summary>A health probe of your own, which checks whether an endpoint works. Set it with <see cref="ActiveHealthCheckOptions.UseProbe"/>.</summary>
public interface IHealthProbe
{
    /// <summary>
    /// Probes an endpoint. Any thread may call it. The next call for the same endpoint comes after this call has ended or has reached its
    /// timeout.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">A token that is cancelled after <see cref="ActiveHealthCheckOptions.Timeout"/>, and when the container is disposed.</param>
    /// <returns>Whether the endpoint works, and if not, why. An exception means that it does not work.</returns>
    ValueTask<HealthProbeResult> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken);
}
