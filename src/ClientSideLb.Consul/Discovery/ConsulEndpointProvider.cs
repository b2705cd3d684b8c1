using System.Net;
using ClientSideLb.Consul.Instances;
using ClientSideLb.Consul.Names;
using ClientSideLb.Consul.Watching;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Consul.Discovery;

/// <summary>Answers one query of service discovery from the instances of a service.</summary>
internal sealed class ConsulEndpointProvider(ConsulDiscovery discovery, ConsulServiceName name, ServiceEndpointQuery query) : INameAwareEndpointProvider
{
    private readonly Lock _lock = new();
    private ServiceWatch? _watch;
    private bool _isDisposed;

    // A provider that was never asked shares what the watch of another one knows.
    public bool KnowsName => discovery.Watches.Find(name)?.Latest is not { IsKnown: false };

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        // A provider that was registered earlier has answered.
        if (endpoints.Endpoints.Count > 0)
        {
            return;
        }

        ServiceState state;
        try
        {
            state = await GetWatch().GetStateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            discovery.Metrics.Queried("failed");
            throw;
        }

        endpoints.AddChangeToken(state.ChangeToken);
        discovery.Metrics.Queried(state.IsKnown ? "answered" : "unknown");
        foreach (var instance in state.Instances.Where(IsIncluded))
        {
            endpoints.Endpoints.Add(Create(instance));
        }
    }

    public async ValueTask DisposeAsync()
    {
        ServiceWatch? watch;
        lock (_lock)
        {
            _isDisposed = true;
            (watch, _watch) = (_watch, null);
        }

        if (watch is not null)
        {
            await discovery.Watches.ReleaseAsync(watch).ConfigureAwait(false);
        }
    }

    public override string ToString() => $"Consul, {name}";

    private static EndPoint GetEndPoint(ConsulInstance instance)
    {
        if (instance.Scheme is { } scheme)
        {
            return new UriEndPoint(new UriBuilder(scheme, instance.Host, instance.Port == 0 ? -1 : instance.Port).Uri);
        }

        return IPAddress.TryParse(instance.Host, out var address)
            ? new IPEndPoint(address, instance.Port)
            : new DnsEndPoint(instance.Host, instance.Port);
    }

    // The watch begins with the first question: service discovery also makes providers that it never asks.
    private ServiceWatch GetWatch()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _watch ??= discovery.Watches.Acquire(name);
        }
    }

    // A request that allows only https must not go to an instance that says it is http.
    private bool IsIncluded(ConsulInstance instance) =>
        instance.Scheme is null || query.IncludedSchemes.Count == 0 || query.IncludedSchemes.Contains(instance.Scheme, StringComparer.OrdinalIgnoreCase);

    private ServiceEndpoint Create(ConsulInstance instance)
    {
        var endpoint = ServiceEndpoint.Create(GetEndPoint(instance));
        endpoint.Features.Set<IServiceEndpointProvider>(this);
        endpoint.Features.Set(new EndpointMetadata { Weight = instance.Weight, Zone = instance.Zone, Health = instance.Health });
        return endpoint;
    }
}
