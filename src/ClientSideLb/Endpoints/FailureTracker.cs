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
    private int _answersBeforeRow;
    private int _answers;
    private int _retryAfterInRow;
    private long _outageBegan = long.MinValue;

    /// <summary>Gets a number that changes with each answer. A request compares it to find out whether there was an answer since it was sent.</summary>
    internal int Answers => Volatile.Read(ref _answers);

    /// <summary>Counts an answer of the endpoint, good or bad.</summary>
    /// <remarks>
    /// The increment is not atomic. If several answers arrive at the same moment, some may be lost, but the number still changes. An old
    /// number can return only if a thread stops inside this method for as long as another request waits for its answer.
    /// </remarks>
    internal void ObserveAnswer() => Volatile.Write(ref _answers, _answers + 1);

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

    /// <summary>Counts a request that its caller cancelled before there was an answer.</summary>
    /// <param name="answersBefore">The value of <see cref="Answers"/> when the request was sent.</param>
    /// <param name="waited">How long the request waited.</param>
    /// <param name="settings">The settings of outlier detection.</param>
    /// <returns>Why the endpoint is an outlier now, or <see langword="null"/> if it is none.</returns>
    internal EjectionReason? ObserveUnanswered(int answersBefore, long waited, OutlierSettings settings)
    {
        if (waited < settings.UnansweredWait)
        {
            return null;
        }

        // The endpoint has answered since this request was sent. It is slow for some requests, not dead.
        if (answersBefore != Answers)
        {
            Volatile.Write(ref _unansweredInRow, 0);
            return null;
        }

        // The endpoint has answered since the row began, so this request begins a new row.
        if (answersBefore != Volatile.Read(ref _answersBeforeRow))
        {
            Volatile.Write(ref _answersBeforeRow, answersBefore);
            Volatile.Write(ref _unansweredInRow, 0);
        }

        return Interlocked.Increment(ref _unansweredInRow) >= settings.ConsecutiveFailures ? EjectionReason.Unanswered : null;
    }

    /// <summary>Resets all counts. Called when the endpoint is ejected and when it returns.</summary>
    internal void Clear()
    {
        _window.Clear();
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
