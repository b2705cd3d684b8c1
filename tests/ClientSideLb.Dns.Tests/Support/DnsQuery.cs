using System.Buffers.Binary;
using System.Text;

namespace ClientSideLb.Dns.Tests.Support;

/// <summary>A query that a server got.</summary>
internal sealed record DnsQuery(int Id, string Name, int Type, bool IsTcp)
{
    internal static DnsQuery Read(ReadOnlySpan<byte> bytes, bool isTcp)
    {
        var labels = new List<string>();
        var at = 12;
        while (bytes[at] > 0)
        {
            labels.Add(Encoding.ASCII.GetString(bytes.Slice(at + 1, bytes[at])));
            at += bytes[at] + 1;
        }

        return new DnsQuery(BinaryPrimitives.ReadUInt16BigEndian(bytes), string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 1)..]), isTcp);
    }
}
