using ClientSideLb;
using ClientSideLb.AspNetCore.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the load balancer to the health checks of an application.</summary>
public static class LoadBalancingHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of all clusters. It reports <see cref="HealthStatus.Unhealthy"/> if a cluster has no available endpoint,
    /// <see cref="HealthStatus.Degraded"/> if endpoints are unhealthy or ejected or a cluster is in panic, and otherwise
    /// <see cref="HealthStatus.Healthy"/>. Draining endpoints do not make it degraded.
    /// </summary>
    /// <remarks>
    /// The check describes the services that the application calls, not the application itself. Use it for dashboards and alerts. Do
    /// not use it as a liveness probe: the platform would restart callers because a backend is down.
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">
    /// The status to report if a cluster has no available endpoint; <see langword="null"/> means <see cref="HealthStatus.Unhealthy"/>.
    /// </param>
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
