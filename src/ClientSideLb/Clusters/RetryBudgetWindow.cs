namespace ClientSideLb.Clusters;

/// <summary>
/// Limits retries, so that they do not overload a service that is failing already. Extra attempts may be a share of the requests of the last
/// 10 seconds, or a fixed number per second, whichever is more. Hedges have a share of the same size. Safe for many threads, without a lock.
/// When a new second begins, single counts may be lost.
/// </summary>
internal sealed class RetryBudgetWindow(TimeProvider time)
{
    private const int Seconds = 10;

    // A count holds the requests of one second in its low 32 bits, and the retries in its high 32 bits.
    private const long Request = 1;
    private const long Retry = 1L << 32;

    private readonly long[] _counts = new long[Seconds];
    private readonly int[] _hedges = new int[Seconds];
    private readonly long[] _second = new long[Seconds];
    private readonly long _frequency = time.TimestampFrequency;
    private int _granted;
    private long _grantedUntil = long.MinValue;

    /// <summary>Counts a request.</summary>
    /// <param name="now">The timestamp of the request.</param>
    internal void AddRequest(long now) => Interlocked.Add(ref _counts[GetIndex(now, out _)], Request);

    /// <summary>Takes a retry from the budget, if one is left.</summary>
    /// <param name="ratio">The share of the requests that may make a retry.</param>
    /// <param name="minimumPerSecond">The number of retries that are always allowed in each second.</param>
    internal bool TryTake(double ratio, int minimumPerSecond)
    {
        // The retry is counted first and given back if it exceeds the budget. Otherwise several threads could all take the last one.
        var now = time.GetTimestamp();
        ref var current = ref _counts[GetIndex(now, out var second)];
        var taken = Interlocked.Add(ref current, Retry) >> 32;
        var (requests, retries, _) = Sum(second);

        // The sum includes this retry.
        if (taken <= minimumPerSecond || retries - 1 < ratio * requests)
        {
            return true;
        }

        Interlocked.Add(ref current, -Retry);
        return TryTakeGranted(now);
    }

    /// <summary>Takes a hedge from the budget of hedges, if one is left.</summary>
    /// <param name="ratio">The share of the requests that may have a hedge.</param>
    /// <param name="minimumPerSecond">The number of hedges that are always allowed in each second.</param>
    internal bool TryTakeHedge(double ratio, int minimumPerSecond)
    {
        ref var current = ref _hedges[GetIndex(time.GetTimestamp(), out var second)];
        var taken = Interlocked.Increment(ref current);
        var (requests, _, hedges) = Sum(second);
        if (taken <= minimumPerSecond || hedges - 1 < ratio * requests)
        {
            return true;
        }

        Interlocked.Decrement(ref current);
        return false;
    }

    /// <summary>
    /// Adds retries for the requests that are under way at an endpoint that has just died, so that all of them can move. They can be taken for
    /// 10 seconds.
    /// </summary>
    internal void Grant(int retries, long now)
    {
        if (now > Interlocked.Exchange(ref _grantedUntil, now + (Seconds * _frequency)))
        {
            Interlocked.Exchange(ref _granted, 0);
        }

        Interlocked.Add(ref _granted, retries);
    }

    private bool TryTakeGranted(long now)
    {
        if (now > Volatile.Read(ref _grantedUntil) || Volatile.Read(ref _granted) <= 0)
        {
            return false;
        }

        if (Interlocked.Decrement(ref _granted) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _granted);
        return false;
    }

    private (long Requests, long Retries, long Hedges) Sum(long second)
    {
        var (requests, retries, hedges) = (0L, 0L, 0L);
        for (var i = 0; i < Seconds; i++)
        {
            if (Volatile.Read(ref _second[i]) > second - Seconds)
            {
                var counts = Volatile.Read(ref _counts[i]);
                requests += counts & uint.MaxValue;
                retries += counts >> 32;
                hedges += Volatile.Read(ref _hedges[i]);
            }
        }

        return (requests, retries, hedges);
    }

    private int GetIndex(long now, out long second)
    {
        second = now / _frequency;
        var i = (int)(second % Seconds);
        var last = Volatile.Read(ref _second[i]);
        if (last != second && Interlocked.CompareExchange(ref _second[i], second, last) == last)
        {
            Interlocked.Exchange(ref _counts[i], 0);
            Interlocked.Exchange(ref _hedges[i], 0);
        }

        return i;
    }
}
