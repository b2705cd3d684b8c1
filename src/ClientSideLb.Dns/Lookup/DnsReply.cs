using DnsClient.Protocol;

namespace ClientSideLb.Dns.Lookup;

/// <summary>The reply to one query.</summary>
/// <param name="Answers">The records of the answer. Empty if the name is missing or the query failed.</param>
/// <param name="Additionals">The records that the server added unasked.</param>
/// <param name="NegativeTimeToLive">How long the name is known to have no records, or <see langword="null"/>.</param>
/// <param name="Fault">Why the query failed, or <see langword="null"/> if it did not.</param>
internal sealed record DnsReply(
    IReadOnlyList<DnsResourceRecord> Answers, IReadOnlyList<DnsResourceRecord> Additionals, TimeSpan? NegativeTimeToLive, string? Fault)
{
    internal static DnsReply Failed(string fault) => new([], [], null, fault);

    internal static DnsReply Missing(TimeSpan? timeToLive) => new([], [], timeToLive, null);
}
