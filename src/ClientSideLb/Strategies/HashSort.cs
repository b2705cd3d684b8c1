using System.Numerics;

namespace ClientSideLb.Strategies;

/// <summary>
/// Sorts by hash in linear time. Hashes are spread evenly, so their upper bits alone bring each one close to its final place. This is a
/// bucket sort after E. J. Isaac and R. C. Singleton, "Sorting by Address Calculation" (1956). Equal hashes keep their order.
/// </summary>
/// <remarks>
/// The ring of a large cluster has more than a hundred thousand points. For these it is several times faster than
/// <see cref="Array.Sort{TKey, TValue}(TKey[], TValue[])"/>, and faster than a radix sort.
/// </remarks>
internal static class HashSort
{
    // A bucket gets two to four hashes on average. This costs a few more moves than one hash to a bucket, but halves the counters, so that
    // those of a large ring stay in the processor's cache.
    private const int BucketSizeBits = 1;

    /// <summary>Returns the hashes in ascending order, and the values in the order of their hashes.</summary>
    internal static (ulong[] Hashes, int[] Values) Sort(ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> values)
    {
        var sorted = (Hashes: new ulong[hashes.Length], Values: new int[hashes.Length]);
        Distribute(hashes, values, sorted.Hashes, sorted.Values);
        SortWithinBuckets(sorted.Hashes, sorted.Values);
        return sorted;
    }

    private static void Distribute(ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> values, ulong[] toHashes, int[] toValues)
    {
        // There are at least two buckets. With one, the shift would be by 64 bits, which C# takes as a shift by 0.
        var bits = Math.Max(1, BitOperations.Log2((uint)hashes.Length) - BucketSizeBits);
        var shift = 64 - bits;
        var places = new int[1 << bits];
        foreach (var hash in hashes)
        {
            places[(int)(hash >> shift)]++;
        }

        var start = 0;
        for (var bucket = 0; bucket < places.Length; bucket++)
        {
            (places[bucket], start) = (start, start + places[bucket]);
        }

        for (var i = 0; i < hashes.Length; i++)
        {
            var place = places[(int)(hashes[i] >> shift)]++;
            toHashes[place] = hashes[i];
            toValues[place] = values[i];
        }
    }

    // An insertion sort over the whole array: the buckets are in order, so no hash moves out of its bucket.
    private static void SortWithinBuckets(ulong[] hashes, int[] values)
    {
        for (var i = 1; i < hashes.Length; i++)
        {
            var (hash, value) = (hashes[i], values[i]);
            var place = i;
            while (place > 0 && hashes[place - 1] > hash)
            {
                hashes[place] = hashes[place - 1];
                values[place] = values[place - 1];
                place--;
            }

            hashes[place] = hash;
            values[place] = value;
        }
    }
}
