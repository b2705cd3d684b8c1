using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientSideLb;

/// <summary>Tells whether each cluster has endpoints to send to.</summary>
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
            var name = cluster.ClientName == cluster.ServiceName ? cluster.ServiceName : $"{cluster.ClientName}/{cluster.ServiceName}";
            var (status, found) = Judge(cluster);
            data[name] = found;
            if (status != HealthStatus.Healthy)
            {
                faults.Add($"{name}: {found}");
            }

            // Registered to fail less badly, none available is only that bad.
            status = status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status;
            worst = status < worst ? status : worst;
        }

        return Task.FromResult(new HealthCheckResult(worst, faults.Count == 0 ? null : string.Join("; ", faults), exception: null, data));
    }

    private static (HealthStatus Status, string Found) Judge(ICluster cluster)
    {
        var endpoints = cluster.Endpoints;
        var available = endpoints.Count(static endpoint => endpoint.IsAvailable);
        var outOf = endpoints.Where(static endpoint => endpoint is { IsAvailable: false, Health: EndpointHealth.Unhealthy or EndpointHealth.Ejected }).ToList();
        var found = string.Create(CultureInfo.InvariantCulture, $"{available} of {endpoints.Count} endpoints available");
        if (outOf.Count > 0)
        {
            found += $" ({string.Join(", ", outOf.Select(static endpoint => $"{StatusReader.NameOf(endpoint.Address)}: {endpoint.HealthReason}"))})";
        }

        return (available == 0 ? HealthStatus.Unhealthy : outOf.Count > 0 || cluster.InPanic ? HealthStatus.Degraded : HealthStatus.Healthy, found);
    }
}
