using System.Numerics;

namespace ClientSideLb.Endpoints;

/// <summary>
/// How long requests wait for an endpoint's headers, as a histogram of the latest minute or two. It shows what is usual for the endpoint, so that a far
/// longer wait can be recognized. It is thread-safe without a lock. A few counts may be lost if threads count at the same time.
/// </summary>
internal sealed class AnswerTimes
{
    /// <summary>The number of answers that the histogram needs to tell what is usual.</summary>
    internal const int MinimumAnswers = 10;

    // Two buckets for each doubling, from about 50 microseconds to 200 seconds.
    private const int FirstDoubling = 9;
    private const int BucketCount = 2 * 23;

    private static readonly long Generation = TimeSpan.TicksPerMinute;

    private int[]? _current;
    private int[]? _previous;
    private long _turn;

    /// <summary>Adds a wait that ended with an answer.</summary>
    /// <param name="wait">The wait.</param>
    /// <param name="endedAt">The time of the answer.</param>
    internal void Add(TimeSpan wait, TimeSpan endedAt)
    {
        var turn = Volatile.Read(ref _turn);
        if (endedAt.Ticks >= turn && Interlocked.CompareExchange(ref _turn, endedAt.Ticks + Generation, turn) == turn)
        {
            Volatile.Write(ref _previous, _current);
            Volatile.Write(ref _current, new int[BucketCount]);
        }

        if (Volatile.Read(ref _current) is { } current)
        {
            current[FindBucket(wait.Ticks)]++;
        }
    }

    /// <summary>Gets the wait that a share of the answers stayed below, or <see langword="null"/> if too few answers are known.</summary>
    /// <param name="quantile">The share, from 0 to 1.</param>
    internal TimeSpan? GetQuantile(double quantile)
    {
        var current = Volatile.Read(ref _current);
        var previous = Volatile.Read(ref _previous);
        var count = Sum(current) + Sum(previous);
        if (count < MinimumAnswers)
        {
            return null;
        }

        var above = (long)((1 - quantile) * count);
        var bucket = BucketCount - 1;
        for (var seen = 0L; bucket > 0; bucket--)
        {
            seen += Count(current, bucket) + Count(previous, bucket);
            if (seen > above)
            {
                break;
            }
        }

        return GetUpperEnd(bucket);
    }

    private static int FindBucket(long ticks)
    {
        var doubling = BitOperations.Log2((ulong)Math.Max(1, ticks));
        if (doubling < FirstDoubling)
        {
            return 0;
        }

        // The bit below the highest one halves each doubling.
        var half = (int)(ticks >> (doubling - 1)) & 1;
        return Math.Min(BucketCount - 1, (2 * (doubling - FirstDoubling)) + half);
    }

    private static TimeSpan GetUpperEnd(int bucket)
    {
        var begin = 1L << (FirstDoubling + (bucket / 2));
        return new TimeSpan(bucket % 2 == 0 ? begin + (begin / 2) : 2 * begin);
    }

    private static long Sum(int[]? buckets) => buckets is null ? 0 : buckets.Sum(static count => (long)count);

    private static int Count(int[]? buckets, int bucket) => buckets is null ? 0 : Volatile.Read(ref buckets[bucket]);
}
