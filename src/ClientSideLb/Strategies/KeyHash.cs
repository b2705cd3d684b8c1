using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace ClientSideLb.Strategies;

/// <summary>Hashes keys and names as Envoy and gRPC do: XXH64 of their UTF-8 bytes.</summary>
internal static class KeyHash
{
    /// <summary>Hashes a key with the seed 0.</summary>
    internal static ulong Of(string key) => Of(key, seed: 0);

    /// <summary>Hashes a key.</summary>
    internal static ulong Of(string key, ulong seed)
    {
        const int StackLimit = 512;

        var max = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (max <= StackLimit)
        {
            Span<byte> stack = stackalloc byte[StackLimit];
            return XxHash64.HashToUInt64(stack[..Encoding.UTF8.GetBytes(key, stack)], (long)seed);
        }

        var rented = ArrayPool<byte>.Shared.Rent(max);
        try
        {
            return XxHash64.HashToUInt64(rented.AsSpan(0, Encoding.UTF8.GetBytes(key, rented)), (long)seed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
