using System.Collections.Concurrent;
using System.Net;
using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Names;
using ClientSideLb.Kubernetes.Telemetry;
using ClientSideLb.Kubernetes.Watching;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Kubernetes.Discovery;

/// <summary>Answers one query of service discovery from the slices of a service.</summary>
internal sealed class KubernetesEndpointProvider(
    KubernetesDiscovery discovery, KubernetesServiceName name, PortQuery query, ConcurrentDictionary<string, KubernetesEndpointProvider> answering)
    : IServiceEndpointProvider
{
    private ServiceWatch? _watch;
    private string? _missingPort;
    private volatile bool _isUnknown;

    /// <summary>Gets a value indicating whether the latest answer was that there is no such service.</summary>
    internal bool IsUnknown => _isUnknown;

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        // A provider that was registered earlier has answered.
        if (endpoints.Endpoints.Count > 0)
        {
            return;
        }

        // The watch begins with the first question: service discovery also makes providers that it never asks.
        _watch ??= discovery.Watches.Acquire(name);
        ServiceState state;
        try
        {
            state = await _watch.GetStateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            discovery.Metrics.Queried("failed");
            throw;
        }

        endpoints.AddChangeToken(state.ChangeToken);
        _isUnknown = !state.IsKnown;
        answering[query.Text] = this;
        if (_isUnknown)
        {
            discovery.Metrics.Queried("unknown");
            return;
        }

        if (state.Slices.Values.Any(static slice => slice.Endpoints.Any(static endpoint => !endpoint.ForZones.IsEmpty)))
        {
            // Hints mean more when the own zone becomes known.
            discovery.FindZone();
            endpoints.AddChangeToken(discovery.Zone.GetChangeToken());
        }

        Add(endpoints, state);
    }

    public async ValueTask DisposeAsync()
    {
        answering.TryRemove(new KeyValuePair<string, KubernetesEndpointProvider>(query.Text, this));
        if (Interlocked.Exchange(ref _watch, null) is { } watch)
        {
            await discovery.Watches.ReleaseAsync(watch).ConfigureAwait(false);
        }
    }

    private static EndPoint GetEndPoint(DiscoveredEndpoint endpoint)
    {
        if (endpoint.Scheme is { } scheme)
        {
            return new UriEndPoint(new UriBuilder(scheme, endpoint.Host, endpoint.Port ?? -1).Uri);
        }

        return IPAddress.TryParse(endpoint.Host, out var address)
            ? new IPEndPoint(address, endpoint.Port ?? 0)
            : new DnsEndPoint(endpoint.Host, endpoint.Port ?? 0);
    }

    private void Add(IServiceEndpointBuilder endpoints, ServiceState state)
    {
        var choice = EndpointChoice.Of([.. state.Slices.Values], query, discovery.Place, discovery.Options.PreferIPv6);
        ReportMissingPort(choice);
        foreach (var endpoint in choice.Endpoints)
        {
            var found = ServiceEndpoint.Create(GetEndPoint(endpoint));
            found.Features.Set<IServiceEndpointProvider>(this);
            found.Features.Set(new EndpointMetadata
            {
                Zone = endpoint.Zone,
                Priority = endpoint.Priority,
                Health = endpoint.IsDraining ? EndpointHealth.Draining : null,
            });
            endpoints.Endpoints.Add(found);
        }

        discovery.Metrics.Queried("answered");
    }

    private void ReportMissingPort(EndpointChoice choice)
    {
        if (choice.MissingPort is { } reason && reason != _missingPort)
        {
            discovery.Logger.PortMissing(name.Service, name.Namespace, choice.SlicesWithoutPort, query.Text, reason);
        }

        _missingPort = choice.MissingPort;
        if (choice is { MissingPort: not null, Endpoints.Count: 0 })
        {
            discovery.Metrics.Queried("failed");
            throw new InvalidOperationException($"The service '{name.Service}' in namespace '{name.Namespace}' has no port for '{query.Text}'. {choice.MissingPort}");
        }
    }
}
