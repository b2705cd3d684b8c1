namespace ClientSideLb.PublicApi.Tests.Strategies;

/// <summary>
/// A latency estimate that jumps to a peak at once and forgets it over time, as in Finagle. While no answer comes it
/// falls towards 0, so that an endpoint that was slow is tried again. Safe for many threads, without a lock.
/// </summary>
internal sealed class PeakLatency
{
    private const double DefaultMilliseconds = 30;
    private static readonly TimeSpan DecayTime = TimeSpan.FromSeconds(10);

    private double _milliseconds = -1;
    private long _updatedAt;

    /// <summary>Reads the estimate in milliseconds: the default before the first answer.</summary>
    internal double Read(TimeSpan now) =>
        Volatile.Read(ref _milliseconds) is >= 0 and var value ? value * ShareLeft(now) : DefaultMilliseconds;

    /// <summary>Adds the duration of an attempt that was answered.</summary>
    internal void Add(TimeSpan duration, TimeSpan now)
    {
        var (old, sample, left) = (Volatile.Read(ref _milliseconds), duration.TotalMilliseconds, ShareLeft(now));

        // Threads that add at the same time may undo each other's update. The next results make up for it, and no request waits for a lock.
        // The time is written first: a reader must not take a new value for an old one, which has decayed.
        Volatile.Write(ref _updatedAt, now.Ticks);
        Volatile.Write(ref _milliseconds, sample > old ? sample : (old * left) + (sample * (1 - left)));
    }

    /// <summary>Adds the duration of an attempt whose answer would have taken longer, so it must not lower the estimate.</summary>
    internal void AddLowerBound(TimeSpan duration, TimeSpan now)
    {
        if (duration.TotalMilliseconds > Read(now))
        {
            Add(duration, now);
        }
    }

    private double ShareLeft(TimeSpan now) => Math.Exp(-Math.Max(0, now.Ticks - Volatile.Read(ref _updatedAt)) / (double)DecayTime.Ticks);
}
