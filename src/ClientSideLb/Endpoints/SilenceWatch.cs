namespace ClientSideLb.Endpoints;

/// <summary>
/// Tells whether an endpoint hangs: several requests wait for it, and it has given no sign of life since. This is a pure state machine over
/// timestamps with one writer, the cluster, which observes it at short intervals.
/// </summary>
internal sealed class SilenceWatch
{
    private const int MaxMarks = 8;

    // The marks of the present silence, the oldest first.
    private readonly List<Mark> _marks = [];
    private int _signs;
    private int _ended;
    private long _limit = long.MaxValue;
    private long _now;

    /// <summary>Observes the endpoint while requests wait for it.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="signs">The endpoint's <see cref="FailureTracker.SignsOfLife"/>.</param>
    /// <param name="waiting">The number of requests that wait for it.</param>
    /// <param name="ended">The number of requests that have ended their wait since it is known.</param>
    /// <param name="limit">The longest wait of a request, in timestamp units.</param>
    internal void Observe(long now, int signs, int waiting, int ended, long limit)
    {
        const int MarksInLimit = 4;

        (_now, _ended, _limit) = (now, ended, limit);
        if (signs != _signs)
        {
            _signs = signs;
            _marks.Clear();
        }

        if (_marks.Count > 0 && now - _marks[^1].Time < limit / MarksInLimit)
        {
            return;
        }

        if (_marks.Count == MaxMarks)
        {
            // The oldest one stays, because it shows the longest wait.
            _marks.RemoveAt(1);
        }

        _marks.Add(new Mark(now, waiting, ended));
    }

    /// <summary>
    /// Counts how many limits the requests have waited for, all together, at the latest observation. One request that waited for three limits counts
    /// three times.
    /// </summary>
    /// <param name="requests">The number of requests that must have waited at least that long.</param>
    internal long CountMissedLimits(int requests)
    {
        var most = 0L;
        foreach (var mark in _marks)
        {
            // This counts requests that waited at the mark and have not ended since. Requests that came later and have ended are taken off as well, so the
            // number is never too high.
            var waiting = mark.Waiting - (_ended - mark.Ended);
            if (waiting >= requests)
            {
                most = Math.Max(most, waiting * ((_now - mark.Time) / _limit));
            }
        }

        return most;
    }

    /// <summary>Forgets the silence.</summary>
    internal void Clear() => _marks.Clear();

    private readonly record struct Mark(long Time, int Waiting, int Ended);
}
