using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Tests.Docs;

/// <summary>The C# of docs/discovery.md.</summary>
internal static class SnippetsDiscovery
{
    internal static void Refuse(IServiceCollection services)
    {
        services.AddHttpClient("shop").AddLoadBalancing(options => options.UnknownServices = UnknownServiceMode.Refuse);
    }

    internal static void OwnProvider(IServiceCollection services)
    {
        services.AddSingleton<Inventory>();
        services.AddSingleton<IServiceEndpointProviderFactory, InventoryProviderFactory>();
        services.AddHttpClient("api").AddLoadBalancing();
    }
}

public sealed record Instance(Uri Address, int Weight, string Zone, bool IsStopping);

public sealed class Inventory
{
    private readonly ConcurrentDictionary<string, (Instance[] Instances, CancellationTokenSource Changed)> _services = new(StringComparer.OrdinalIgnoreCase);

    public bool Knows(string service) => _services.ContainsKey(service);

    public IReadOnlyList<Instance> GetInstances(string service, out IChangeToken changes)
    {
        var (instances, changed) = _services[service];
        changes = new CancellationChangeToken(changed.Token);
        return instances;
    }

    public void Replace(string service, params Instance[] instances)
    {
        _services.TryGetValue(service, out var before);
        _services[service] = (instances, new CancellationTokenSource());
        before.Changed?.Cancel();
    }
}

public sealed class InventoryProviderFactory(Inventory inventory) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        // A name that the inventory does not know is left to the other providers.
        provider = inventory.Knows(query.ServiceName) ? new Provider(inventory, query.ServiceName) : null;
        return provider is not null;
    }

    private sealed class Provider(Inventory inventory, string service) : IServiceEndpointProvider
    {
        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            var instances = inventory.GetInstances(service, out var changes);
            endpoints.AddChangeToken(changes);
            foreach (var instance in instances)
            {
                var endpoint = ServiceEndpoint.Create(new UriEndPoint(instance.Address));
                endpoint.Features.Set(new EndpointMetadata
                {
                    Weight = instance.Weight,
                    Zone = instance.Zone,
                    Health = instance.IsStopping ? EndpointHealth.Draining : null,
                });
                endpoints.Endpoints.Add(endpoint);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
