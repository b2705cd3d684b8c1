using System.Collections.Immutable;
using System.Net;

namespace ClientSideLb.Consul.Instances;

/// <summary>Turns the entries of an answer into instances.</summary>
internal sealed class InstanceReader(ConsulDiscoveryOptions options)
{
    /// <summary>Reads an answer. The order of the entries does not matter.</summary>
    /// <exception cref="FormatException">An entry is not one of Consul's.</exception>
    internal InstanceList Read(IEnumerable<EntryDocument?> entries)
    {
        var instances = new List<ConsulInstance>();
        var unusable = new List<(string Instance, string Reason)>();
        foreach (var entry in entries)
        {
            if (entry is not { Service: { } service, Node: { } node })
            {
                throw new FormatException("An entry has no service or no node.");
            }

            var host = FindHost(service, node);
            if (FindFault(host, service.Port) is { } fault)
            {
                unusable.Add((service.ID ?? "", fault));
            }
            else
            {
                instances.Add(Create(host, entry, service, node));
            }
        }

        return new InstanceList(Sort(instances), unusable);
    }

    private static string? FindFault(string host, int port)
    {
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return host.Length == 0 ? "has no address." : $"has the address '{host}', which is neither an IP address nor the name of a host.";
        }

        return port is < 0 or > IPEndPoint.MaxPort ? $"has the port {port}." : null;
    }

    // An address that is registered twice is one endpoint. Its health is that of the better registration.
    private static ImmutableArray<ConsulInstance> Sort(List<ConsulInstance> instances) =>
    [
        .. instances
            .OrderBy(static one => one.Host, StringComparer.Ordinal)
            .ThenBy(static one => one.Port)
            .ThenBy(static one => one.Scheme, StringComparer.Ordinal)
            .ThenBy(static one => one.Health switch { null => 0, EndpointHealth.Draining => 1, _ => 2 })
            .ThenByDescending(static one => one.Weight)
            .ThenBy(static one => one.Zone, StringComparer.Ordinal)
            .DistinctBy(static one => (one.Host, one.Port, one.Scheme)),
    ];

    private string FindHost(ServiceDocument service, NodeDocument node)
    {
        var address = options.UseNodeAddress || string.IsNullOrWhiteSpace(service.Address) ? node.Address : service.Address;
        return (address ?? "").Trim().Trim('[', ']');
    }

    private ConsulInstance Create(string host, EntryDocument entry, ServiceDocument service, NodeDocument node)
    {
        var status = CheckSummary.Of(entry.Checks);
        return new ConsulInstance(
            host,
            service.Port,
            Get(service.Meta, options.SchemeMetaKey)?.ToLowerInvariant() is ("http" or "https") and var scheme ? scheme : null,
            status == CheckStatus.Warning ? service.Weights?.Warning : service.Weights?.Passing,
            NullIfEmpty(service.Locality?.Zone) ?? NullIfEmpty(node.Locality?.Zone) ?? Get(node.Meta, options.ZoneMetaKey),
            status switch
            {
                CheckStatus.Maintenance => EndpointHealth.Draining,
                CheckStatus.Critical => EndpointHealth.Unhealthy,
                _ => null,
            });
    }

    private static string? Get(IReadOnlyDictionary<string, string?>? meta, string? key) => key is null ? null : NullIfEmpty(meta?.GetValueOrDefault(key));

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
