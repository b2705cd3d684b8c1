namespace ClientSideLb;

/// <summary>
/// Counts requests and failures over a sliding time, in two buckets of half that time each. Safe for many threads; a count that
/// falls between two buckets may be lost, for the rate is an estimate and a request's path does not wait for it.
/// </summary>
internal sealed class FailureWindow
{
    // Requests in the low half, failures in the high half: one interlocked addition counts both.
    private const long Request = 1;
    private const long Failure = 1L << 32;

    private long _bucket;
    private long _current;
    private long _previous;

    /// <summary>Counts a request.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    /// <param name="failed">Whether it failed.</param>
    internal void Add(long now, long window, bool failed)
    {
        MoveTo(now, window);
        Interlocked.Add(ref _current, failed ? Failure + Request : Request);
    }

    /// <summary>Counts a request that was counted before, and not as one that failed, as one that failed after all.</summary>
    internal void AddFailure(long now, long window)
    {
        MoveTo(now, window);
        Interlocked.Add(ref _current, Failure);
    }

    internal (int Requests, int Failures) Read(long now, long window)
    {
        MoveTo(now, window);
        var sum = Volatile.Read(ref _current) + Volatile.Read(ref _previous);
        return ((int)(sum & uint.MaxValue), (int)(sum >> 32));
    }

    internal void Clear()
    {
        Interlocked.Exchange(ref _current, 0);
        Interlocked.Exchange(ref _previous, 0);
    }

    private void MoveTo(long now, long window)
    {
        var bucket = now / Math.Max(1, window / 2);
        var last = Volatile.Read(ref _bucket);

        // A thread that read the clock just before the bucket began is late, and counts in it. Any other bucket before the last comes from a
        // changed length of the window.
        if (bucket != last && bucket != last - 1 && Interlocked.CompareExchange(ref _bucket, bucket, last) == last)
        {
            var counts = Interlocked.Exchange(ref _current, 0);
            Interlocked.Exchange(ref _previous, bucket == last + 1 ? counts : 0);
        }
    }
}
