namespace ClientSideLb.Clusters;

/// <summary>
/// Keeps a failing service from being drowned in retries: extra attempts may be a share of the requests of the last 10 seconds, or
/// a number a second, whichever is more. Safe for many threads, without a lock; a count between two seconds may be lost.
/// </summary>
internal sealed class RetryBudgetWindow(TimeProvider time)
{
    private const int Seconds = 10;

    // Requests in the low half, extra attempts in the high half.
    private const long Request = 1;
    private const long Extra = 1L << 32;

    private readonly long[] _counts = new long[Seconds];
    private readonly long[] _second = new long[Seconds];
    private readonly long _frequency = time.TimestampFrequency;

    /// <summary>Counts a request.</summary>
    /// <param name="now">A timestamp.</param>
    internal void AddRequest(long now) => Interlocked.Add(ref Current(now, out _), Request);

    /// <summary>Takes an extra attempt from the budget, if there is one.</summary>
    internal bool TryTake(double ratio, int minimumPerSecond)
    {
        // Taken first and given back when it was too much, so that threads that ask together do not all see the last one left.
        ref var current = ref Current(time.GetTimestamp(), out var second);
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

        // This one is among those that were counted.
        if (taken <= minimumPerSecond || extra - 1 < ratio * requests)
        {
            return true;
        }

        Interlocked.Add(ref current, -Extra);
        return false;
    }

    private ref long Current(long now, out long second)
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
