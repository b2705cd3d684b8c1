using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace ClientSideLb.Dns.Lookup;

/// <summary>
/// Looks up the addresses of hosts. It remembers the last ones for each host and family, so that a server that fails for one kind of records
/// does not take the endpoints of that kind away.
/// </summary>
internal sealed class AddressLookup(DnsTransport transport, AddressFamily family)
{
    private readonly ConcurrentDictionary<(string Host, QueryType Type), IReadOnlyList<IPAddress>> _known = new();
    private readonly QueryType[] _types = family switch
    {
        AddressFamily.InterNetwork => [QueryType.A],
        AddressFamily.InterNetworkV6 => [QueryType.AAAA],
        _ => [QueryType.A, QueryType.AAAA],
    };

    internal async Task<HostAddresses> FindAsync(string host, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(_types.Select(type => FindAsync(host, type, cancellationToken))).ConfigureAwait(false);
        // The types that have addresses decide how long the answer holds. Those without decide only if none has any.
        var present = Array.FindAll(found, static one => one.Addresses.Count > 0);
        var lasting = present.Length > 0 ? present : found;
        return new HostAddresses(
            [.. found.SelectMany(static one => one.Addresses).Distinct()],
            lasting.Aggregate((TimeSpan?)null, static (shortest, one) => TimeToLive.Min(shortest, one.TimeToLive)),
            found.Select(static one => one.Fault).FirstOrDefault(static fault => fault is not null),
            found.Any(static one => one.HasAnswer));
    }

    /// <summary>Gets the addresses of a host among the records that a server added, or <see langword="null"/> if there are none.</summary>
    internal HostAddresses? FindAdded(string host, IReadOnlyList<DnsResourceRecord> additionals)
    {
        var records = additionals.OfType<AddressRecord>().Where(record => IsAsked(record) && HasName(record, host)).ToList();
        if (records.Count == 0)
        {
            return null;
        }

        foreach (var type in _types)
        {
            _known[(host, type)] = [.. records.Where(record => (int)record.RecordType == (int)type).Select(static record => record.Address)];
        }

        return new HostAddresses([.. records.Select(static record => record.Address).Distinct()], TimeToLive.Min(records), null, HasAnswer: true);
    }

    /// <summary>Forgets the hosts that are no longer listed.</summary>
    internal void KeepOnly(ICollection<string> hosts)
    {
        foreach (var known in _known.Keys.Where(known => !hosts.Contains(known.Host)))
        {
            _known.TryRemove(known, out _);
        }
    }

    internal static bool HasName(DnsResourceRecord record, string name) =>
        record.DomainName.Value.AsSpan().TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase);

    private async Task<HostAddresses> FindAsync(string host, QueryType type, CancellationToken cancellationToken)
    {
        var reply = await transport.QueryAsync(host, type, cancellationToken).ConfigureAwait(false);
        var fault = reply.Fault;
        if (fault is null && reply.Answers.Count > 0)
        {
            // An alias is followed by the server. The records of the alias count for how long the answer holds.
            var chain = AliasChain.Follow(host, reply.Answers);
            var records = reply.Answers.OfType<AddressRecord>().Where(record => (int)record.RecordType == (int)type && chain.Contains(record)).ToList();
            if (records.Count > 0 || chain.HasAlias)
            {
                IReadOnlyList<IPAddress> addresses = [.. records.Select(static record => record.Address)];
                _known[(host, type)] = addresses;
                return new HostAddresses(addresses, TimeToLive.Min(chain.Aliases.Concat(records)), null, HasAnswer: true);
            }

            fault = $"the answer holds no {type} record of {host}, but {RecordNames.Of(reply.Answers)}";
        }

        if (fault is null)
        {
            _known.TryRemove((host, type), out _);
            return new HostAddresses([], reply.NegativeTimeToLive, null, HasAnswer: true);
        }

        return new HostAddresses(_known.GetValueOrDefault((host, type)) ?? [], null, $"{host} {type}: {fault}", HasAnswer: false);
    }

    private bool IsAsked(AddressRecord record) => Array.Exists(_types, type => (int)type == (int)record.RecordType);
}
