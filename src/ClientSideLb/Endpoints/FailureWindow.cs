namespace ClientSideLb.Endpoints;

/// <summary>
/// Counts requests and failures over a sliding window, in two buckets of half the window each. It is thread-safe. A count that arrives
/// while the buckets move on may be lost: the rate is an estimate, and requests must not wait for it.
/// </summary>
internal sealed class FailureWindow
{
    // A bucket holds requests in its low half and failures in its high half, so one interlocked addition counts both.
    private const long Request = 1;
    private const long Failure = 1L << 32;

    private long _half;
    private long _bucket;
    private long _current;
    private long _previous;

    /// <summary>Counts a request that succeeded.</summary>
    /// <param name="time">A timestamp. If it is older than the latest bucket, the request still counts in the latest bucket.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    internal void AddSuccess(long time, long window)
    {
        MoveTo(time, window);
        Interlocked.Add(ref _current, Request);
    }

    /// <summary>Counts a request that failed.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    internal void AddFailure(long now, long window)
    {
        MoveTo(now, window);
        Interlocked.Add(ref _current, Failure + Request);
    }

    /// <summary>Turns a request that was counted as a success into a failure.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    internal void TurnSuccessIntoFailure(long now, long window)
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

    private void MoveTo(long time, long window)
    {
        var half = Math.Max(1, window / 2);
        var lastHalf = Volatile.Read(ref _half);
        if (half != lastHalf)
        {
            Restart(half, lastHalf);
        }

        var bucket = time / half;
        var last = Volatile.Read(ref _bucket);
        if (bucket > last && Interlocked.CompareExchange(ref _bucket, bucket, last) == last)
        {
            var counts = Interlocked.Exchange(ref _current, 0);
            Interlocked.Exchange(ref _previous, bucket == last + 1 ? counts : 0);
            if (Volatile.Read(ref _half) != half)
            {
                // Another thread has changed the length of the window meanwhile. The number that was just set counts buckets of the old
                // length and may be far too high.
                Interlocked.Exchange(ref _bucket, 0);
            }
        }
    }

    // Buckets of another length have other numbers, and the counts in the old buckets cover another length of time. Bucket number 0 makes
    // the next move drop them.
    private void Restart(long half, long lastHalf)
    {
        if (Interlocked.CompareExchange(ref _half, half, lastHalf) == lastHalf && lastHalf != 0)
        {
            Interlocked.Exchange(ref _bucket, 0);
        }
    }
}
