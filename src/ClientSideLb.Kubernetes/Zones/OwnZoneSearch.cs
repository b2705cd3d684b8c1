using ClientSideLb.Kubernetes.Api;
using ClientSideLb.Kubernetes.Slices;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Shared;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Kubernetes.Zones;

/// <summary>Finds the application's own zone from the node that it runs on. Thread-safe.</summary>
internal sealed class OwnZoneSearch(KubernetesApi api, string node, OwnZone zone, Backoff backoff, TimeProvider time, ILogger logger)
{
    /// <summary>Asks for the node until the zone is known.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        string? told = null;
        while (zone.Value is null)
        {
            string reason;
            try
            {
                if (await api.GetZoneOfNodeAsync(node, cancellationToken).ConfigureAwait(false) is { } found)
                {
                    Set(found, $"the label '{KubernetesApi.ZoneLabel}' of node '{node}'");
                    return;
                }

                reason = $"the node has no label '{KubernetesApi.ZoneLabel}'.";
            }
            catch (KubernetesDiscoveryException e)
            {
                reason = e.Message;
            }

            // The failure is logged once, and again if its reason changes.
            if (reason != told && zone.Value is null)
            {
                logger.OwnZoneNotFound(node, reason);
                told = reason;
            }

            await Task.Delay(backoff.GetNext(), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the zone from an endpoint on the same node, which needs no permission to read nodes.</summary>
    internal void Learn(Slice slice)
    {
        if (zone.Value is null && slice.Endpoints.FirstOrDefault(endpoint => endpoint.NodeName == node && endpoint.Zone is not null) is { Zone: { } found })
        {
            Set(found, $"an endpoint on the same node '{node}'");
        }
    }

    private void Set(string found, string source)
    {
        if (zone.TryFind(found))
        {
            logger.OwnZoneFound(found, source);
        }
    }
}
