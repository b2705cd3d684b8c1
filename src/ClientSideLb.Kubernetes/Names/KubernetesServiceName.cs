using ClientSideLb.Shared;

namespace ClientSideLb.Kubernetes.Names;

/// <summary>The name of a service in a cluster.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Service">The name within the namespace.</param>
/// <param name="IsCertain">
/// Whether the name can only be that of a service. <c>api.shop</c> may also be the name of a host, as <c>example.com</c> is.
/// </param>
internal sealed record KubernetesServiceName(string Namespace, string Service, bool IsCertain)
{
    private const int LongestLabel = 63;

    /// <summary>Reads a name in one of the forms <c>api</c>, <c>api.shop</c>, <c>api.shop.svc</c> and <c>api.shop.svc.cluster.local</c>.</summary>
    /// <returns>The name, or <see langword="null"/> if it cannot be that of a service.</returns>
    internal static KubernetesServiceName? Parse(string host, string ownNamespace, string clusterDomain)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        if (HostNames.NeedNoLookup(name))
        {
            return null;
        }

        var isFull = TryRemove(ref name, ".svc." + clusterDomain.Trim('.').ToLowerInvariant()) || TryRemove(ref name, ".svc");
        var labels = name.Split('.');
        if (!Array.TrueForAll(labels, IsLabel))
        {
            return null;
        }

        return labels switch
        {
            [var service] when !isFull => new KubernetesServiceName(ownNamespace, service, IsCertain: true),
            [var service, var space] => new KubernetesServiceName(space, service, isFull || space == ownNamespace),
            _ => null,
        };
    }

    /// <summary>Tells whether a text is a label of a DNS name, as names of services and namespaces are.</summary>
    internal static bool IsLabel(string text) =>
        text.Length is > 0 and <= LongestLabel
        && text[0] != '-'
        && text[^1] != '-'
        && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public override string ToString() => $"{Service}.{Namespace}";

    private static bool TryRemove(ref string name, string end)
    {
        if (!name.EndsWith(end, StringComparison.Ordinal))
        {
            return false;
        }

        name = name[..^end.Length];
        return true;
    }
}
