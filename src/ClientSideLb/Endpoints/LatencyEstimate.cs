namespace ClientSideLb.Endpoints;

/// <summary>
/// A moving average of how long callers wait for an endpoint, in which each attempt weighs 1/8, as in RFC 6298. It is thread-safe without
/// a lock.
/// </summary>
internal sealed class LatencyEstimate
{
    private const int Smoothing = 8;

    // The first attempts are measured even if nothing reads the estimate, so that the first reading has a value.
    private const int InitialSamples = 100;

    private long _ticks = -1;
    private int _samples;
    private volatile bool _isRead;

    /// <summary>
    /// Gets a value indicating whether an attempt should be measured. A measurement reads the clock a second time, so an endpoint whose
    /// latency is never read is not measured after its first attempts.
    /// </summary>
    internal bool IsWanted => _isRead || _samples < InitialSamples;

    /// <summary>Reads the estimate, or <see langword="null"/> before the first measurement. From the first call on, each attempt is measured.</summary>
    internal TimeSpan? Read()
    {
        if (!_isRead)
        {
            _isRead = true;
        }

        return Volatile.Read(ref _ticks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
    }

    /// <summary>Adds the duration of an attempt that got an answer.</summary>
    internal void Add(TimeSpan duration)
    {
        // A thread that is interrupted between the two accesses undoes the updates of other threads. That is accepted: the estimate
        // recovers within a few samples, and requests do not wait for each other.
        var old = Volatile.Read(ref _ticks);
        Volatile.Write(ref _ticks, old < 0 ? duration.Ticks : old + ((duration.Ticks - old) / Smoothing));
        CountSample();
    }

    /// <summary>
    /// Adds the duration of an attempt that got no answer, or a server error: a lower bound of the time that an answer would have taken.
    /// It counts only if it is above the average, because an endpoint that fails at once must not look fast.
    /// </summary>
    /// <param name="duration">The duration.</param>
    /// <param name="hasTimedOut">Whether the attempt waited until its time limit. Such a wait counts even if there was no answer before.</param>
    internal void AddLowerBound(TimeSpan duration, bool hasTimedOut)
    {
        var old = Volatile.Read(ref _ticks);
        if (old < 0 ? hasTimedOut : duration.Ticks > old)
        {
            Add(duration);
        }
        else
        {
            CountSample();
        }
    }

    private void CountSample()
    {
        if (_samples < InitialSamples)
        {
            _samples++;
        }
    }
}
