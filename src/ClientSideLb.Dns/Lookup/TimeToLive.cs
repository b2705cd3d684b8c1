using DnsClient.Protocol;

namespace ClientSideLb.Dns.Lookup;

/// <summary>How long records hold.</summary>
internal static class TimeToLive
{
    // The time to live of DnsClient counts down since the record arrived.
    internal static TimeSpan Of(DnsResourceRecord record) => TimeSpan.FromSeconds(Math.Max(0, record.InitialTimeToLive));

    internal static TimeSpan? Min(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    internal static TimeSpan? Min(IEnumerable<DnsResourceRecord> records) =>
        records.Aggregate((TimeSpan?)null, static (shortest, record) => Min(shortest, Of(record)));

    /// <summary>Gets how long a missing name is missing, by RFC 2308.</summary>
    internal static TimeSpan? OfMissing(IEnumerable<DnsResourceRecord> authorities) =>
        authorities.OfType<SoaRecord>().Select(static soa => (TimeSpan?)TimeSpan.FromSeconds(Math.Min((uint)Math.Max(0, soa.InitialTimeToLive), soa.Minimum))).FirstOrDefault();
}
