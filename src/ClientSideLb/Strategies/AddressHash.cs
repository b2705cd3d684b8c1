using System.IO.Hashing;
using System.Net;

namespace ClientSideLb.Strategies;

/// <summary>Maps IP addresses to indexes by XXH64 of their bytes in network order.</summary>
internal static class AddressHash
{
    /// <summary>Maps an address to an index from 0 to <paramref name="count"/> - 1. All indexes are equally likely.</summary>
    /// <param name="address">The address.</param>
    /// <param name="seed">The seed of the hash. Each seed gives an independent index.</param>
    /// <param name="count">The number of indexes, above 0.</param>
    internal static int GetIndex(IPAddress address, int seed, int count)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);

        // A socket for both IPv4 and IPv6 shows the caller 192.0.2.1 as ::ffff:192.0.2.1. Both must give the same index.
        var start = address.IsIPv4MappedToIPv6 ? 12 : 0;
        var hash = XxHash64.HashToUInt64(bytes[start..length], seed);
        return (int)Math.BigMul(hash, (ulong)count, out _);
    }
}
