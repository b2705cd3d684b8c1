using ClientSideLb;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the load balancer to the health checks of an application.</summary>
public static class LoadBalancingHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of all clusters: healthy; degraded, where some endpoints are unhealthy or ejected, or there is panic; unhealthy, where a
    /// cluster has no endpoint that is available.
    /// </summary>
    /// <remarks>
    /// It says something of the services that the application calls, and not of the application: it is for dashboards and alerts. As
    /// a liveness probe it would have a platform restart callers because a backend is down.
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What to report where none is available; <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is <see langword="null"/>.</exception>
    public static IHealthChecksBuilder AddLoadBalancing(
        this IHealthChecksBuilder builder, string name = "load-balancing", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(
            name, static services => new LoadBalancingHealthCheck(services.GetRequiredService<IClusterRegistry>()), failureStatus, tags));
    }
}
