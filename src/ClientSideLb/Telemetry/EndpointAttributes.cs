using System.Diagnostics;
using ClientSideLb.Clusters;

namespace ClientSideLb.Telemetry;

/// <summary>The attributes that say which endpoint of which cluster a measurement is about. Making and adding them allocates nothing.</summary>
/// <param name="Client">The short name of the client.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Endpoint">The address of the endpoint, or <see langword="null"/> if there is none.</param>
/// <param name="Zone">The zone of the endpoint, or <see langword="null"/> if it has none.</param>
/// <param name="Priority">The priority of the endpoint, or <see langword="null"/> if all endpoints of the cluster have the same one.</param>
internal readonly record struct EndpointAttributes(string Client, string Service, string? Endpoint, string? Zone, int? Priority)
{
    internal static EndpointAttributes Of(Cluster cluster, ClusterEndpoint? endpoint) => endpoint is null
        ? new(cluster.ShortClientName, cluster.ServiceName, Endpoint: null, Zone: null, Priority: null)
        : new(
            cluster.ShortClientName,
            cluster.ServiceName,
            endpoint.Location.Key,
            endpoint.Zone,
            cluster.Snapshot.HasPriorities ? endpoint.Priority : null);

    internal TagList ToTagList()
    {
        var tags = default(TagList);
        tags.Add(TelemetryNames.Client, Client);
        tags.Add(TelemetryNames.Service, Service);
        if (Endpoint is not null)
        {
            tags.Add(TelemetryNames.Endpoint, Endpoint);
        }

        if (Zone is not null)
        {
            tags.Add(TelemetryNames.Zone, Zone);
        }

        if (Priority is not null)
        {
            tags.Add(TelemetryNames.Priority, AttributeValues.Of(Priority));
        }

        return tags;
    }
}
