using System.Numerics;

namespace ClientSideLb.AspNetCore.Traffic;

/// <summary>
/// Counts durations in buckets whose width grows with the duration: eight buckets for each power of two microseconds, so that a quantile
/// is off by a sixteenth at most. Durations above two minutes count as two minutes. <see cref="Add(TimeSpan)"/> is safe for use from any
/// thread and takes no lock.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 3;
    private const int SubBuckets = 1 << SubBucketBits;

    // In microseconds: a little more than two minutes.
    private const long Longest = (1L << 27) - 1;

    private readonly int[] _counts = new int[GetIndex(Longest) + 1];

    internal void Add(TimeSpan duration) =>
        Interlocked.Increment(ref _counts[GetIndex(Math.Clamp((long)duration.TotalMicroseconds, 0, Longest))]);

    internal void Clear() => Array.Clear(_counts);

    /// <summary>Adds the counts of another histogram to this one.</summary>
    internal void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += Volatile.Read(ref other._counts[i]);
        }
    }

    /// <summary>Gets the duration that a given share of the durations do not exceed, or <see langword="null"/> if the histogram is empty.</summary>
    /// <param name="share">The share, above 0 and up to 1.</param>
    internal TimeSpan? GetQuantile(double share)
    {
        var total = _counts.Sum(static count => (long)count);
        if (total == 0)
        {
            return null;
        }

        var rank = Math.Ceiling(share * total);
        var index = 0;
        for (long seen = _counts[0]; seen < rank; seen += _counts[index])
        {
            index++;
        }

        return TimeSpan.FromMicroseconds(GetMiddle(index));
    }

    private static int GetIndex(long microseconds)
    {
        if (microseconds < SubBuckets)
        {
            return (int)microseconds;
        }

        var shift = BitOperations.Log2((ulong)microseconds) - SubBucketBits;
        return (shift * SubBuckets) + (int)(microseconds >> shift);
    }

    private static double GetMiddle(int index)
    {
        if (index < SubBuckets)
        {
            return index;
        }

        var shift = (index / SubBuckets) - 1;
        var first = (long)(index - (shift * SubBuckets)) << shift;
        return first + (((1L << shift) - 1) / 2.0);
    }
}
