using DnsClient.Protocol;

namespace ClientSideLb.Dns.Lookup;

/// <summary>The aliases (CNAME) that lead from a name to the name that has the records.</summary>
/// <param name="name">The name that was asked for.</param>
internal sealed class AliasChain(string name)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { name };

    internal List<DnsResourceRecord> Aliases { get; } = [];

    internal bool HasAlias => Aliases.Count > 0;

    internal static AliasChain Follow(string name, IReadOnlyList<DnsResourceRecord> answers)
    {
        var chain = new AliasChain(name);
        var open = answers.OfType<CNameRecord>().ToList();

        // A server may list the aliases in any order.
        while (open.FirstOrDefault(chain.Contains) is { } alias)
        {
            open.Remove(alias);
            chain.Aliases.Add(alias);
            chain._names.Add(alias.CanonicalName.Value.TrimEnd('.'));
        }

        return chain;
    }

    internal bool Contains(DnsResourceRecord record) => _names.Contains(record.DomainName.Value.TrimEnd('.'));
}
