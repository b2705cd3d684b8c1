using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ClientSideLb.Dns.Tests.Support;

/// <summary>Writes the bytes of an answer.</summary>
internal sealed class DnsPacket
{
    internal const ushort A = 1;
    internal const ushort Cname = 5;
    internal const ushort Soa = 6;
    internal const ushort Txt = 16;
    internal const ushort Aaaa = 28;
    internal const ushort Srv = 33;

    private readonly List<byte[]> _answers = [];
    private readonly List<byte[]> _authorities = [];
    private readonly List<byte[]> _additionals = [];

    /// <summary>Gets the response code: 0 is no error, 2 a failure of the server, and 3 a name that does not exist.</summary>
    internal int Code { get; init; }

    internal bool IsTruncated { get; init; }

    internal DnsPacket Address(string name, string address, int ttl = 60)
    {
        _answers.Add(AddressRecord(name, address, ttl));
        return this;
    }

    internal DnsPacket AddedAddress(string name, string address, int ttl = 60)
    {
        _additionals.Add(AddressRecord(name, address, ttl));
        return this;
    }

    internal DnsPacket Alias(string name, string target, int ttl = 60)
    {
        _answers.Add(Record(name, Cname, ttl, Name(target)));
        return this;
    }

    internal DnsPacket Text(string name, string text, int ttl = 60)
    {
        _answers.Add(Record(name, Txt, ttl, [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]));
        return this;
    }

    internal DnsPacket Service(string name, int priority, int weight, int port, string target, int ttl = 60)
    {
        _answers.Add(Record(name, Srv, ttl, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]));
        return this;
    }

    internal DnsPacket Authority(string zone, int ttl, int minimum)
    {
        _authorities.Add(Record(zone, Soa, ttl, [.. Name("ns." + zone), .. Name("mail." + zone), .. Long(1), .. Long(900), .. Long(900), .. Long(900), .. Long(minimum)]));
        return this;
    }

    internal byte[] Write(DnsQuery query) =>
    [
        .. Number(query.Id),
        (byte)(0x84 | (IsTruncated ? 2 : 0) | 1),
        (byte)(0x80 | Code),
        .. Number(1), .. Number(_answers.Count), .. Number(_authorities.Count), .. Number(_additionals.Count),
        .. Name(query.Name), .. Number(query.Type), .. Number(1),
        .. _answers.SelectMany(static record => record),
        .. _authorities.SelectMany(static record => record),
        .. _additionals.SelectMany(static record => record),
    ];

    private static byte[] AddressRecord(string name, string address, int ttl)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return Record(name, bytes.Length == 4 ? A : Aaaa, ttl, bytes);
    }

    private static byte[] Record(string name, ushort type, int ttl, byte[] data) =>
        [.. Name(name), .. Number(type), .. Number(1), .. Long(ttl), .. Number(data.Length), .. data];

    private static byte[] Name(string name) =>
        [.. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Number(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] Long(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
