using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ClientSideLb.Strategies;

/// <summary>
/// Points on the circle of 64-bit hashes, each owned by an endpoint. A point is XXH64 (seed 0) of <c>name_i</c> for i = 0, 1 and
/// so on; a key belongs to the first point at or after XXH64 of its UTF-8 bytes. Both as in Envoy and gRPC (gRFC A42).
/// </summary>
internal sealed class HashRing
{
    private readonly ulong[] _points;
    private readonly int[] _owners;

    /// <param name="names">The name of each endpoint on the ring, <c>host:port</c>.</param>
    /// <param name="counts">How many points each gets.</param>
    /// <param name="owners">What <see cref="OwnerAt"/> gives for each.</param>
    internal HashRing(string[] names, int[] counts, int[] owners)
    {
        var total = counts.Sum();
        var points = new ulong[total];
        var ownerOf = new int[total];
        var at = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var pointName = new PointName(names[i]);
            for (var point = 0; point < counts[i]; point++, at++)
            {
                points[at] = pointName.Hash(point);
                ownerOf[at] = owners[i];
            }
        }

        (_points, _owners) = HashSort.Sort(points, ownerOf);
    }

    internal int Length => _points.Length;

    /// <summary>Hashes a key as the ring's points are hashed.</summary>
    internal static ulong Hash(string key)
    {
        const int StackLimit = 512;

        var max = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (max <= StackLimit)
        {
            Span<byte> stack = stackalloc byte[StackLimit];
            return XxHash64.HashToUInt64(stack[..Encoding.UTF8.GetBytes(key, stack)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(max);
        try
        {
            return XxHash64.HashToUInt64(rented.AsSpan(0, Encoding.UTF8.GetBytes(key, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Finds the first point at or after a hash; past the last one it is <see cref="Length"/>, which wraps to the first.</summary>
    internal int Find(ulong hash)
    {
        var (low, high) = (0, _points.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (_points[middle] < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Gets who owns a point, counted on past the end around the circle, by at most one turn.</summary>
    internal int OwnerAt(int point) => _owners[point >= _owners.Length ? point - _owners.Length : point];

    /// <summary>Hashes <c>name_0</c>, <c>name_1</c> and so on without a string for each.</summary>
    private readonly struct PointName
    {
        private readonly byte[] _buffer;
        private readonly int _prefix;

        internal PointName(string name)
        {
            const int MaxDigits = 10;

            _buffer = new byte[Encoding.UTF8.GetMaxByteCount(name.Length) + 1 + MaxDigits];
            _prefix = Encoding.UTF8.GetBytes(name, _buffer);
            _buffer[_prefix++] = (byte)'_';
        }

        internal ulong Hash(int index)
        {
            index.TryFormat(_buffer.AsSpan(_prefix), out var digits, provider: CultureInfo.InvariantCulture);
            return XxHash64.HashToUInt64(_buffer.AsSpan(0, _prefix + digits));
        }
    }
}
