using ClientSideLb.Shared;

namespace ClientSideLb.Consul.Names;

/// <summary>A service as Consul names it.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="Tag">The tag that instances must have, or <see langword="null"/>.</param>
/// <param name="Datacenter">The datacenter, or <see langword="null"/> for the default one.</param>
internal readonly record struct ConsulServiceName(string Service, string? Tag = null, string? Datacenter = null)
{
    private const string ServiceLabel = "service";
    private const string DatacenterLabel = "dc";
    private const string Domain = ".consul";

    /// <summary>Reads the host of a request.</summary>
    /// <param name="host">The host, without the name of an endpoint.</param>
    /// <param name="tag">The name of the endpoint, as in <c>_v2.api</c>, or <see langword="null"/>.</param>
    /// <param name="accepts">Which names are looked up, or <see langword="null"/> for those that are plainly names of services.</param>
    /// <returns>The name, or <see langword="null"/> if it is left to other providers.</returns>
    internal static ConsulServiceName? Parse(string host, string? tag, Func<string, bool>? accepts)
    {
        if (HostNames.NeedNoLookup(host) || accepts?.Invoke(tag is null ? host : $"_{tag}.{host}") == false)
        {
            return null;
        }

        if (host.EndsWith(Domain, StringComparison.OrdinalIgnoreCase) && ParseFullName(host[..^Domain.Length].Split('.'), tag) is { } name)
        {
            return name;
        }

        return accepts is not null || !host.Contains('.', StringComparison.Ordinal) ? new ConsulServiceName(host, tag) : null;
    }

    public override string ToString() =>
        $"{(Tag is null ? "" : $"_{Tag}.")}{Service}{(Datacenter is null ? "" : $".{ServiceLabel}.{Datacenter}{Domain}")}";

    // As in Consul's DNS: [tag.]api.service[.datacenter[.dc]].consul.
    private static ConsulServiceName? ParseFullName(string[] labels, string? tag)
    {
        var at = Array.FindLastIndex(labels, static label => label.Equals(ServiceLabel, StringComparison.OrdinalIgnoreCase));
        var (before, after) = at < 0 ? ([], []) : (labels[..at], labels[(at + 1)..]);
        if (before.Length is not (1 or 2) || Array.Exists(labels, static label => label.Length == 0) || (before.Length == 2 && tag is not null))
        {
            return null;
        }

        return after switch
        {
            [] => new ConsulServiceName(before[^1], before.Length == 2 ? before[0] : tag),
            [var datacenter] => new ConsulServiceName(before[^1], before.Length == 2 ? before[0] : tag, datacenter),
            [var datacenter, DatacenterLabel] => new ConsulServiceName(before[^1], before.Length == 2 ? before[0] : tag, datacenter),
            _ => null,
        };
    }
}
