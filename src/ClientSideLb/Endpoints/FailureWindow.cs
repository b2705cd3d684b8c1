using System.Runtime.CompilerServices;

namespace ClientSideLb.Endpoints;

/// <summary>
/// Counts requests and failures over a sliding window. The window consists of 16 buckets, and the oldest bucket is dropped as a whole, so
/// the counts cover at least 15/16 of the window and never more than the window. It is thread-safe. No thread waits for another one.
/// </summary>
internal sealed class FailureWindow
{
    private const int BucketCount = 16;

    // A bucket holds requests in its low half and failures in its high half, so one interlocked addition counts both.
    private const long Request = 1;
    private const long Failure = 1L << 32;

    private Buckets _buckets;
    private int _current;
    private long _currentEnd;
    private long _window;
    private int _isMoving;

    /// <summary>Counts a request that succeeded.</summary>
    /// <param name="time">A timestamp. If it is older than the latest bucket, the request still counts in the latest bucket.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    internal void AddSuccess(long time, long window) => Add(Request, time, window);

    /// <summary>Counts a request that failed.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    internal void AddFailure(long now, long window) => Add(Failure + Request, now, window);

    /// <summary>Turns a request that was counted as a success into a failure.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="window">The length of the window in timestamp units.</param>
    internal void TurnSuccessIntoFailure(long now, long window) => Add(Failure, now, window);

    internal (int Requests, int Failures) Read(long now, long window)
    {
        MoveTo(now, window);
        var sum = 0L;
        for (var i = 0; i < BucketCount; i++)
        {
            sum += Volatile.Read(ref _buckets[i]);
        }

        return ((int)(sum & uint.MaxValue), (int)(sum >> 32));
    }

    internal void Clear()
    {
        for (var i = 0; i < BucketCount; i++)
        {
            Interlocked.Exchange(ref _buckets[i], 0);
        }
    }

    private void Add(long counts, long time, long window)
    {
        MoveTo(time, window);
        Interlocked.Add(ref _buckets[Volatile.Read(ref _current)], counts);
    }

    private void MoveTo(long time, long window)
    {
        if (time >= Volatile.Read(ref _currentEnd) || window != Volatile.Read(ref _window))
        {
            Move(time, window);
        }
    }

    // One thread moves the window. The others do not wait for it: they count in the bucket that was the latest one until now. The expired
    // buckets are empty before one of them becomes the latest, so no count is lost or counted twice.
    private void Move(long time, long window)
    {
        if (Interlocked.CompareExchange(ref _isMoving, 1, 0) != 0)
        {
            return;
        }

        var length = Math.Max(1, window / BucketCount);
        var bucket = time / length;
        if (window != _window)
        {
            if (_window != 0)
            {
                // The counts in the old buckets cover another length of time.
                Clear();
            }

            Volatile.Write(ref _window, window);
            Show(bucket, length);
        }
        else if (time >= _currentEnd)
        {
            var expired = Math.Min(BucketCount, bucket - (_currentEnd / length) + 1);
            for (var i = 1; i <= expired; i++)
            {
                Interlocked.Exchange(ref _buckets[(int)((_current + i) % BucketCount)], 0);
            }

            Show(bucket, length);
        }

        Volatile.Write(ref _isMoving, 0);
    }

    private void Show(long bucket, long length)
    {
        Volatile.Write(ref _current, (int)(bucket % BucketCount));
        Volatile.Write(ref _currentEnd, (bucket + 1) * length);
    }

    [InlineArray(BucketCount)]
    private struct Buckets
    {
        private long _first;
    }
}
