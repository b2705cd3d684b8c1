using ClientSideLb.Dns.Telemetry;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Dns.Lookup;

/// <summary>Looks up SRV records and the addresses of their targets.</summary>
internal sealed class SrvLookup(DnsTransport transport, AddressLookup addresses, ILogger logger)
{
    private const int HighestPriority = 127;

    // A server that sends no addresses along is asked for each target, but not for all of hundreds at once.
    private const int ConcurrentQueries = 8;

    internal async Task<DnsAnswer> FindAsync(string name, CancellationToken cancellationToken)
    {
        var reply = await transport.QueryAsync(name, QueryType.SRV, cancellationToken).ConfigureAwait(false);
        if (reply.Fault is { } fault)
        {
            return DnsAnswer.Failed(fault);
        }

        if (reply.Answers.Count == 0)
        {
            return DnsAnswer.Missing(reply.NegativeTimeToLive);
        }

        var chain = AliasChain.Follow(name, reply.Answers);
        var records = reply.Answers.OfType<SrvRecord>().Where(chain.Contains).ToList();
        var timeToLive = TimeToLive.Min(chain.Aliases.Concat(records));
        if (records.Count == 0)
        {
            return chain.HasAlias
                ? DnsAnswer.Missing(timeToLive)
                : DnsAnswer.Failed($"the answer holds no SRV record of {name}, but {RecordNames.Of(reply.Answers)}");
        }

        var offered = records.FindAll(static record => record.Port > 0 && GetTarget(record).Length > 0);
        if (offered.Count == 0)
        {
            return DnsAnswer.NotOffered(timeToLive);
        }

        var hosts = await FindTargetsAsync(offered, reply.Additionals, cancellationToken).ConfigureAwait(false);
        return Combine(name, [.. offered.Select(record => new SrvTarget(record.Priority, record.Weight, record.Port, hosts[GetTarget(record)]))], timeToLive);
    }

    private async Task<Dictionary<string, HostAddresses>> FindTargetsAsync(
        List<SrvRecord> records, IReadOnlyList<DnsResourceRecord> additionals, CancellationToken cancellationToken)
    {
        var names = records.Select(GetTarget).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new HostAddresses[names.Count];
        await Parallel.ForEachAsync(
            names.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = ConcurrentQueries, CancellationToken = cancellationToken },
            async (target, cancelled) => found[target.Index] =
                addresses.FindAdded(target.Item, additionals) ?? await addresses.FindAsync(target.Item, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        addresses.KeepOnly(names);
        return names.Zip(found).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.OrdinalIgnoreCase);
    }

    private DnsAnswer Combine(string name, IReadOnlyList<SrvTarget> targets, TimeSpan? timeToLive)
    {
        var fault = targets.Select(static target => target.Host.Fault).FirstOrDefault(static fault => fault is not null);
        var usable = targets.Where(static target => target.Host.Addresses.Count > 0).ToList();
        timeToLive = targets.Aggregate(timeToLive, static (shortest, target) => TimeToLive.Min(shortest, target.Host.TimeToLive));
        if (usable.Count == 0)
        {
            return fault is null ? DnsAnswer.Missing(timeToLive) : DnsAnswer.Failed(fault);
        }

        if (usable.Count < targets.Count)
        {
            logger.TargetsWithoutAddress(name, targets.Count - usable.Count, targets.Count);
        }

        // Priorities of SRV records go up to 65535. Only their order counts.
        var endpoints = usable
            .GroupBy(static target => target.Priority)
            .OrderBy(static level => level.Key)
            .SelectMany(static (level, rank) => Spread([.. level], Math.Min(rank, HighestPriority)))
            .DistinctBy(static endpoint => (endpoint.Address, endpoint.Port));
        return DnsAnswer.Found([.. endpoints], timeToLive, fault);
    }

    private static IEnumerable<DnsEndpoint> Spread(IReadOnlyList<SrvTarget> level, int priority)
    {
        var weights = SrvWeights.Spread([.. level.Select(static target => (target.Weight, target.Host.Addresses.Count))]);
        return level
            .Zip(weights)
            .SelectMany(target => target.First.Host.Addresses.Select(address => new DnsEndpoint(priority, address, target.First.Port, target.Second)))
            .OrderByDescending(static endpoint => endpoint.Weight);
    }

    private static string GetTarget(SrvRecord record) => record.Target.Value.TrimEnd('.');
}
