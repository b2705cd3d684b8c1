namespace ClientSideLb.Clusters;

/// <summary>
/// Limits retries, so that they do not overload a service that is failing already. Extra attempts may be a share of the requests of the last
/// 10 seconds, or a fixed number per second, whichever is more. Safe for many threads, without a lock. When a new second begins, single counts
/// may be lost.
/// </summary>
internal sealed class RetryBudgetWindow(TimeProvider time)
{
    private const int Seconds = 10;

    // A count holds the requests of one second in its low 32 bits, and the extra attempts in its high 32 bits.
    private const long Request = 1;
    private const long Extra = 1L << 32;

    private readonly long[] _counts = new long[Seconds];
    private readonly long[] _second = new long[Seconds];
    private readonly long _frequency = time.TimestampFrequency;

    /// <summary>Counts a request.</summary>
    /// <param name="now">The timestamp of the request.</param>
    internal void AddRequest(long now) => Interlocked.Add(ref GetCurrent(now, out _), Request);

    /// <summary>Takes an extra attempt from the budget, if one is left.</summary>
    /// <param name="ratio">The share of the requests that may make an extra attempt.</param>
    /// <param name="minimumPerSecond">The number of extra attempts that are always allowed in each second.</param>
    internal bool TryTake(double ratio, int minimumPerSecond)
    {
        // The attempt is counted first and given back if it exceeds the budget. Otherwise several threads could all take the last one.
        ref var current = ref GetCurrent(time.GetTimestamp(), out var second);
        var taken = Interlocked.Add(ref current, Extra) >> 32;
        var (requests, extra) = (0L, 0L);
        for (var i = 0; i < Seconds; i++)
        {
            if (Volatile.Read(ref _second[i]) > second - Seconds)
            {
                var counts = Volatile.Read(ref _counts[i]);
                requests += counts & uint.MaxValue;
                extra += counts >> 32;
            }
        }

        // The sum includes this attempt.
        if (taken <= minimumPerSecond || extra - 1 < ratio * requests)
        {
            return true;
        }

        Interlocked.Add(ref current, -Extra);
        return false;
    }

    private ref long GetCurrent(long now, out long second)
    {
        second = now / _frequency;
        var i = (int)(second % Seconds);
        var last = Volatile.Read(ref _second[i]);
        if (last != second && Interlocked.CompareExchange(ref _second[i], second, last) == last)
        {
            Interlocked.Exchange(ref _counts[i], 0);
        }

        return ref _counts[i];
    }
}
