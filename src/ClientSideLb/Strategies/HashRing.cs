using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ClientSideLb.Strategies;

/// <summary>
/// Points on the circle of 64-bit hashes. Each point belongs to one endpoint. The points of an endpoint are XXH64 (seed 0) of <c>name_i</c>
/// for i = 0, 1 and so on. A key belongs to the first point at or after XXH64 of its UTF-8 bytes. Envoy and gRPC (gRFC A42) do the same.
/// </summary>
internal sealed class HashRing
{
    private readonly ulong[] _points;
    private readonly int[] _owners;

    /// <param name="names">The name of each endpoint on the ring, <c>host:port</c>.</param>
    /// <param name="counts">The number of points of each endpoint.</param>
    /// <param name="owners">The number that <see cref="GetOwner"/> returns for each endpoint.</param>
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

    /// <summary>Gets the number of points.</summary>
    internal int Length => _points.Length;

    /// <summary>
    /// Finds the index of the first point at or after a hash. Past the last point this is <see cref="Length"/>, which stands for the first
    /// point.
    /// </summary>
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

    /// <summary>Gets the owner of a point. An index past the last point continues at the first one, for at most one more turn.</summary>
    internal int GetOwner(int point) => _owners[point >= _owners.Length ? point - _owners.Length : point];

    /// <summary>Hashes <c>name_0</c>, <c>name_1</c> and so on, without allocating a string for each.</summary>
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
