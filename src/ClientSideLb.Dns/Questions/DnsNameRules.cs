using ClientSideLb.Dns.Names;
using ClientSideLb.Shared;
using Microsoft.Extensions.ServiceDiscovery;

namespace ClientSideLb.Dns.Questions;

/// <summary>Makes the question to DNS about a service.</summary>
internal sealed class DnsNameRules(DnsDiscoveryOptions options)
{
    /// <summary>Gets what to ask, or <see langword="null"/> if the name is not one for DNS.</summary>
    internal DnsQuestion? GetQuestion(ServiceEndpointQuery query)
    {
        var host = HostNames.GetHost(query);
        if (HostNames.NeedNoLookup(host) || options.Accepts?.Invoke(host) == false)
        {
            return null;
        }

        var isListed = options.Names.TryGetValue(host, out var listed);
        var name = isListed ? listed! : host;
        var question = name.StartsWith('_') && name.IndexOf('.', StringComparison.Ordinal) is > 1 and var dot
            ? GetSrvName(name[..dot], name[(dot + 1)..], isListed)
            : GetName(name, isListed);
        return DnsNameSyntax.TryNormalize(question.Name, out var normalized) ? question with { Name = normalized } : null;
    }

    /// <summary>Gets the port that a query names, and the port of endpoints that DNS gives none.</summary>
    internal (int? Requested, int? Default) GetPort(ServiceEndpointQuery query) =>
        (Uri.TryCreate(GetAddress(query), UriKind.Absolute, out var address) && address.Port > 0 && !address.IsDefaultPort ? address.Port : null, options.Port);

    // A query may be a name without a scheme.
    private static string GetAddress(ServiceEndpointQuery query)
    {
        var text = query.ToString() ?? "";
        return text.Contains("://", StringComparison.Ordinal) ? text : $"none://{text}";
    }

    private DnsQuestion GetName(string name, bool isComplete) => !isComplete && options.PortName is { } port
        ? GetSrvName($"_{port}", name, isComplete)
        : new DnsQuestion(isComplete ? name : Complete(name), IsSrv: false);

    private DnsQuestion GetSrvName(string port, string rest, bool isComplete)
    {
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        var hasProtocol = rest.StartsWith('_') && dot > 1;
        var protocol = hasProtocol ? rest[..dot] : "_tcp";
        var service = hasProtocol ? rest[(dot + 1)..] : rest;

        // A listed name is taken as it is, even if it has no protocol.
        return new DnsQuestion(isComplete ? $"{port}.{rest}" : $"{port}.{protocol}.{Complete(service)}", IsSrv: true);
    }

    private string Complete(string name) => options.Suffix is { } suffix && !name.Contains('.', StringComparison.Ordinal)
        ? $"{name}.{suffix.TrimStart('.')}"
        : name;
}
