using DnsClient.Protocol;

namespace ClientSideLb.Dns.Lookup;

/// <summary>Names records in a message.</summary>
internal static class RecordNames
{
    private const int Longest = 3;

    internal static string Of(IReadOnlyList<DnsResourceRecord> records)
    {
        var names = records.Select(static record => $"{record.RecordType} of {record.DomainName.Value.TrimEnd('.')}").Distinct().ToList();
        return string.Join(", ", names.Take(Longest)) + (names.Count > Longest ? ", …" : "");
    }
}
