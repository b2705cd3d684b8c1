namespace ClientSideLb.Endpoints;

/// <summary>
/// What an endpoint's traffic says of it: failures in a row, the failure rate, bodies broken off in a row, and requests in a row that were given up unanswered.
/// Safe for many threads, without a lock.
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

    /// <summary>Gets a number that each answer changes, by which a request knows whether there was any since it was sent.</summary>
    internal int Answers => Volatile.Read(ref _answers);

    /// <summary>Notes that something was answered, be it a failure.</summary>
    /// <remarks>
    /// Not atomic: of answers at the same moment one may be lost, and the number is another one all the same. Only a thread held up in here for
    /// as long as another request waits in vain could bring an old number back.
    /// </remarks>
    internal void ObserveAnswer() => Volatile.Write(ref _answers, _answers + 1);

    /// <summary>Counts a request that was answered well.</summary>
    /// <param name="time">When it was answered, or sent where that is not known.</param>
    /// <param name="settings">The settings of outlier detection.</param>
    internal void ObserveSuccess(long time, OutlierSettings settings)
    {
        // Nearly always zero already, and then the cache line stays clean.
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
    /// <returns>Why the endpoint is an outlier now, if it is.</returns>
    internal EjectionReason? ObserveFailure(long now, OutlierSettings settings)
    {
        _window.AddFailure(now, settings.Window);
        return Interlocked.Increment(ref _failuresInRow) >= settings.ConsecutiveFailures
            ? EjectionReason.ConsecutiveFailures
            : FailsTooOften(now, settings);
    }

    /// <summary>Notes that the body of a response came to its end.</summary>
    internal void ObserveWholeBody()
    {
        if (Volatile.Read(ref _brokenBodiesInRow) != 0)
        {
            Volatile.Write(ref _brokenBodiesInRow, 0);
        }
    }

    /// <summary>
    /// Counts a response, good by its headers, whose body broke off. It has a row of its own: an endpoint that breaks off each body has
    /// good headers in between.
    /// </summary>
    /// <returns>Why the endpoint is an outlier now, if it is.</returns>
    internal EjectionReason? ObserveBrokenBody(long now, OutlierSettings settings)
    {
        _window.FailLate(now, settings.Window);
        return Interlocked.Increment(ref _brokenBodiesInRow) >= settings.ConsecutiveFailures
            ? EjectionReason.BrokenBodies
            : FailsTooOften(now, settings);
    }

    /// <summary>Counts a request that its caller cancelled before there was an answer.</summary>
    /// <param name="answersBefore">The <see cref="Answers"/> when it was sent.</param>
    /// <param name="waited">How long it waited.</param>
    /// <param name="settings">The settings of outlier detection.</param>
    /// <returns>Why the endpoint is an outlier now, if it is.</returns>
    internal EjectionReason? ObserveUnanswered(int answersBefore, long waited, OutlierSettings settings)
    {
        if (waited < settings.UnansweredWait)
        {
            return null;
        }

        // An endpoint that has answered anything since the row began is slow for some, and not dead.
        if (answersBefore != Answers)
        {
            Volatile.Write(ref _unansweredInRow, 0);
            return null;
        }

        if (answersBefore != Volatile.Read(ref _answersBeforeRow))
        {
            Volatile.Write(ref _answersBeforeRow, answersBefore);
            Volatile.Write(ref _unansweredInRow, 0);
        }

        return Interlocked.Increment(ref _unansweredInRow) >= settings.ConsecutiveFailures ? EjectionReason.Unanswered : null;
    }

    /// <summary>Forgets everything, when an endpoint is ejected or returns: it starts anew.</summary>
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

    private EjectionReason? FailsTooOften(long now, OutlierSettings settings)
    {
        var (requests, failures) = _window.Read(now, settings.Window);
        return requests >= settings.MinimumRequests && failures >= settings.FailureRate * requests ? EjectionReason.FailureRate : null;
    }
}
