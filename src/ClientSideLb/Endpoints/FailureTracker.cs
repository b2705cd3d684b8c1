namespace ClientSideLb.Endpoints;

/// <summary>
/// Counts the failures in an endpoint's traffic: failures in a row, the failure rate, bodies in a row that broke off, and requests in a
/// row that were cancelled without an answer. It is thread-safe without a lock.
/// </summary>
internal sealed class FailureTracker
{
    private readonly FailureWindow _window = new();
    private int _failuresInRow;
    private int _brokenBodiesInRow;
    private int _unansweredInRow;
    private long _latestUnanswered = long.MinValue;
    private int _signsOfLife;
    private int _untimedSigns;
    private long _latestSign = long.MinValue;
    private int _retryAfterInRow;
    private long _outageBegan = long.MinValue;

    /// <summary>Gets the counts of server errors.</summary>
    internal ErrorRow Errors { get; } = new();

    /// <summary>Gets a number that changes with each sign of life: an answer of the endpoint, good or bad, or bytes that it has sent or accepted.</summary>
    internal int SignsOfLife => Volatile.Read(ref _signsOfLife);

    /// <summary>Gets the timestamp of the latest sign of life whose time is known.</summary>
    internal long LatestSign => Volatile.Read(ref _latestSign);

    /// <summary>Gets a number that changes with each sign of life whose time is not known.</summary>
    internal int UntimedSigns => Volatile.Read(ref _untimedSigns);

    /// <summary>Counts a sign of life.</summary>
    /// <param name="time">The timestamp.</param>
    /// <remarks>
    /// The increment is not atomic. If several signs arrive at the same moment, some may be lost, but the number still changes. An old
    /// number can return only if a thread stops inside this method for as long as another request waits for its answer.
    /// </remarks>
    internal void ObserveSignOfLife(long time)
    {
        Volatile.Write(ref _signsOfLife, _signsOfLife + 1);
        Volatile.Write(ref _latestSign, time);
    }

    /// <summary>Counts a sign of life without its time, because bytes of a body are often there already, and a look at the clock would cost more than to read them.</summary>
    internal void ObserveSignOfLife()
    {
        Volatile.Write(ref _signsOfLife, _signsOfLife + 1);
        Volatile.Write(ref _untimedSigns, _untimedSigns + 1);
    }

    /// <summary>Counts a request that succeeded.</summary>
    /// <param name="time">The timestamp of the answer, or that of the request if the answer was not timed.</param>
    /// <param name="settings">The settings of outlier detection.</param>
    internal void ObserveSuccess(long time, OutlierSettings settings)
    {
        // The count is nearly always zero. Without a write, the cache line stays shared between the cores.
        if (Volatile.Read(ref _failuresInRow) != 0)
        {
            Volatile.Write(ref _failuresInRow, 0);
        }

        if (Volatile.Read(ref _retryAfterInRow) != 0)
        {
            Volatile.Write(ref _retryAfterInRow, 0);
        }

        _window.AddSuccess(time, settings.Window);
    }

    /// <summary>Counts a failure.</summary>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is none.</returns>
    internal EjectionReason? ObserveFailure(long now, OutlierSettings settings)
    {
        _window.AddFailure(now, settings.Window);
        return Interlocked.Increment(ref _failuresInRow) >= settings.ConsecutiveFailures
            ? EjectionReason.ConsecutiveFailures
            : CheckFailureRate(now, settings);
    }

    /// <summary>Counts a response whose body came to its end.</summary>
    internal void ObserveWholeBody()
    {
        if (Volatile.Read(ref _brokenBodiesInRow) != 0)
        {
            Volatile.Write(ref _brokenBodiesInRow, 0);
        }
    }

    /// <summary>
    /// Counts a response whose headers were good and whose body broke off. Such bodies have a row of their own, because an endpoint that
    /// breaks off each body still sends good headers in between.
    /// </summary>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is none.</returns>
    internal EjectionReason? ObserveBrokenBody(long now, OutlierSettings settings)
    {
        _window.TurnSuccessIntoFailure(now, settings.Window);
        return Interlocked.Increment(ref _brokenBodiesInRow) >= settings.ConsecutiveFailures
            ? EjectionReason.BrokenBodies
            : CheckFailureRate(now, settings);
    }

    /// <summary>
    /// Tells whether the endpoint has given no sign of life for some time, in which a request waited for it.
    /// </summary>
    /// <param name="started">The timestamp at which the request was sent.</param>
    /// <param name="untimedBefore">The value of <see cref="UntimedSigns"/> at that time.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="limit">The time, in timestamp units.</param>
    internal bool IsSilent(long started, int untimedBefore, long now, long limit) =>
        untimedBefore == UntimedSigns && now - Math.Max(started, Volatile.Read(ref _latestSign)) >= limit;

    /// <summary>Counts a request that its caller cancelled after a wait for the endpoint that was far too long.</summary>
    /// <param name="isSilent">Whether the endpoint has given no sign of life in that time. If it has, it is slow for some requests, not dead.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="settings">The settings of outlier detection.</param>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is none.</returns>
    internal EjectionReason? ObserveUnanswered(bool isSilent, long now, OutlierSettings settings)
    {
        // A sign of life since the latest such request breaks the row.
        var latest = Volatile.Read(ref _latestUnanswered);
        Volatile.Write(ref _latestUnanswered, now);
        if (!isSilent || Volatile.Read(ref _latestSign) >= latest)
        {
            Volatile.Write(ref _unansweredInRow, 0);
        }

        return isSilent && Interlocked.Increment(ref _unansweredInRow) >= settings.ConsecutiveFailures ? EjectionReason.Unanswered : null;
    }

    /// <summary>Resets all counts. Called when the endpoint is ejected and when it returns.</summary>
    internal void Clear()
    {
        _window.Clear();
        Errors.Clear();
        Volatile.Write(ref _failuresInRow, 0);
        Volatile.Write(ref _brokenBodiesInRow, 0);
        Volatile.Write(ref _unansweredInRow, 0);
    }

    /// <summary>Counts a response by which the endpoint asked to get no requests for a while.</summary>
    /// <returns>Whether it was at least the second in a row, with no good answer in between.</returns>
    internal bool ObserveRetryAfter() => Interlocked.Increment(ref _retryAfterInRow) > 1;

    /// <summary>Tells whether a broken connection is the first one for a while, as if the endpoint had just died. Only one caller gets this answer.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="pause">The time, in timestamp units, for which further broken connections belong to the same outage.</param>
    internal bool TryBeginOutage(long now, long pause)
    {
        var began = Volatile.Read(ref _outageBegan);
        return (began == long.MinValue || now - began >= pause) && Interlocked.CompareExchange(ref _outageBegan, now, began) == began;
    }

    private EjectionReason? CheckFailureRate(long now, OutlierSettings settings)
    {
        var (requests, failures) = _window.Read(now, settings.Window);
        return requests >= settings.MinimumRequests && failures >= settings.FailureRate * requests ? EjectionReason.FailureRate : null;
    }
}
