using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientSideLb.AspNetCore.HealthChecks;

/// <summary>Reports whether each cluster has endpoints that can take requests.</summary>
internal sealed class LoadBalancingHealthCheck(IClusterRegistry registry) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var worst = HealthStatus.Healthy;
        var faults = new List<string>();
        var data = new Dictionary<string, object>();
        foreach (var cluster in registry.Clusters)
        {
            var name = cluster.ShortClientName == cluster.ServiceName ? cluster.ServiceName : $"{cluster.ShortClientName}/{cluster.ServiceName}";
            var (status, description) = CheckCluster(cluster);
            data[name] = description;
            if (status != HealthStatus.Healthy)
            {
                faults.Add($"{name}: {description}");
            }

            // The application chose at registration how bad a failure is.
            status = status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status;
            worst = status < worst ? status : worst;
        }

        return Task.FromResult(new HealthCheckResult(worst, faults.Count == 0 ? null : string.Join("; ", faults), exception: null, data));
    }

    private static (HealthStatus Status, string Description) CheckCluster(ICluster cluster)
    {
        var endpoints = cluster.Endpoints.Select(static endpoint => (Endpoint: endpoint, endpoint.State)).ToList();
        var available = endpoints.Count(static endpoint => endpoint.State.IsAvailable);
        var failing = endpoints
            .Where(static endpoint => endpoint.State is { IsAvailable: false, Health: EndpointHealth.Unhealthy or EndpointHealth.Ejected })
            .ToList();
        var description = string.Create(CultureInfo.InvariantCulture, $"{available} of {endpoints.Count} endpoints available");
        if (failing.Count > 0)
        {
            description += $" ({string.Join(", ", failing.Select(static endpoint => $"{endpoint.Endpoint}: {endpoint.State.HealthReason}"))})";
        }

        return (GetStatus(cluster, available, [.. failing.Select(static endpoint => endpoint.State)]), description);
    }

    // An endpoint that rejects requests works. That its quota is spent is no reason to take this application out of service.
    private static HealthStatus GetStatus(ICluster cluster, int available, List<EndpointState> failing)
    {
        var isAnyFailing = failing.Exists(static state => !state.IsRejecting);
        return available == 0
            ? isAnyFailing || failing.Count == 0 ? HealthStatus.Unhealthy : HealthStatus.Degraded
            : isAnyFailing || cluster.InPanic ? HealthStatus.Degraded : HealthStatus.Healthy;
    }
}
