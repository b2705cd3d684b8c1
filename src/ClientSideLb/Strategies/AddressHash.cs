using System.IO.Hashing;
using System.Net;

namespace ClientSideLb.Strategies;

/// <summary>Maps IP addresses onto places by XXH64 of their bytes in network order, with a seed of 0, 1, 2 and so on.</summary>
internal static class AddressHash
{
    /// <summary>Maps an address onto 0 to <paramref name="count"/> - 1, evenly.</summary>
    internal static int IndexOf(IPAddress address, int seed, int count)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);

        // The same caller must not move because a socket that speaks both families shows it as ::ffff:192.0.2.1.
        var start = address.IsIPv4MappedToIPv6 ? 12 : 0;
        var hash = XxHash64.HashToUInt64(bytes[start..length], seed);
        return (int)Math.BigMul(hash, (ulong)count, out _);
    }
}
