using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Kubernetes.Watching;
using ClientSideLb.Shared;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>Answers one query of service discovery from the slices of a service.</summary>
internal sealed class KubernetesEndpointProvider(KubernetesDiscovery discovery, KubernetesServiceName name, PortQuery query)
    : WatchingProvider<KubernetesServiceName, ServiceState>(discovery.Watches, name, discovery.Metrics)
{
    private string? _missingPort;

    public override string ToString() => $"Kubernetes, {Name}";

    protected override void Add(IServiceEndpointBuilder endpoints, ServiceState state)
    {
        if (state.Slices.Values.Any(static slice => slice.Endpoints.Any(static endpoint => !endpoint.ForZones.IsEmpty)))
        {
            // Hints mean more when the own zone becomes known.
            discovery.FindZone();
            endpoints.AddChangeToken(discovery.Zone.GetChangeToken());
        }

        var choice = EndpointChoice.Of([.. state.Slices.Values], query, discovery.Place, discovery.Options.PreferIPv6);
        ReportMissingPort(choice);
        foreach (var endpoint in choice.Endpoints)
        {
            endpoints.Endpoints.Add(Create(endpoint));
        }
    }

    private ServiceEndpoint Create(DiscoveredEndpoint found)
    {
        var endpoint = ServiceEndpoint.Create(HostNames.CreateEndPoint(found.Scheme, found.Host, found.Port ?? 0));
        endpoint.Features.Set<IServiceEndpointProvider>(this);
        endpoint.Features.Set(new EndpointMetadata
        {
            Zone = found.Zone,
            Priority = found.Priority,
            Health = found.IsDraining ? EndpointHealth.Draining : null,
        });
        return endpoint;
    }

    private void ReportMissingPort(EndpointChoice choice)
    {
        if (choice.MissingPort is { } reason && reason != _missingPort)
        {
            discovery.Logger.PortMissing(Name, choice.SlicesWithoutPort, query.Text, reason);
        }

        _missingPort = choice.MissingPort;
        if (choice is { MissingPort: not null, Endpoints.Count: 0 })
        {
            throw new KubernetesDiscoveryException($"The service '{Name}' has no port for '{query.Text}'. {choice.MissingPort}");
        }
    }
}
