namespace ClientSideLb;

/// <summary>Asks an endpoint whether it works: a probe of your own for <see cref="ActiveHealthCheckOptions.UseProbe"/>.</summary>
public interface IHealthProbe
{
    /// <summary>Probes an endpoint. Called from any thread, for one endpoint not again before the last call has ended, or has run into its timeout.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Cancelled after <see cref="ActiveHealthCheckOptions.Timeout"/>, and when the container is disposed.</param>
    /// <returns>Whether the endpoint works. An exception means that it does not.</returns>
    ValueTask<bool> ProbeAsync(ClusterEndpoint endpoint, CancellationToken cancellationToken);
}
