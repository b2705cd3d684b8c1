namespace ClientSideLb;

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
    private long _firstUnansweredSent;
    private long _lastAnswer = long.MinValue;

    /// <summary>Notes that something was answered, be it a failure.</summary>
    internal void ObserveAnswer(long now) => Volatile.Write(ref _lastAnswer, now);

    internal void ObserveSuccess(long now, OutlierSettings settings)
    {
        // Nearly always zero already, and then the cache line stays clean.
        if (Volatile.Read(ref _failuresInRow) != 0)
        {
            Volatile.Write(ref _failuresInRow, 0);
        }

        _window.Add(now, settings.Window, failed: false);
    }

    /// <summary>Counts a failure.</summary>
    /// <returns>Why the endpoint is an outlier now, if it is.</returns>
    internal EjectionReason? ObserveFailure(long now, OutlierSettings settings)
    {
        _window.Add(now, settings.Window, failed: true);
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
        _window.AddFailure(now, settings.Window);
        return Interlocked.Increment(ref _brokenBodiesInRow) >= settings.ConsecutiveFailures
            ? EjectionReason.BrokenBodies
            : FailsTooOften(now, settings);
    }

    /// <summary>Counts a request that its caller cancelled before there was an answer.</summary>
    /// <param name="sent">When it was sent.</param>
    /// <param name="now">When it was cancelled.</param>
    /// <param name="settings">The settings of outlier detection.</param>
    /// <returns>Why the endpoint is an outlier now, if it is.</returns>
    internal EjectionReason? ObserveUnanswered(long sent, long now, OutlierSettings settings)
    {
        if (now - sent < settings.UnansweredWait)
        {
            return null;
        }

        // An endpoint that has answered anything since the run began is slow for some, and not dead.
        var answered = Volatile.Read(ref _lastAnswer);
        if (answered >= sent)
        {
            Volatile.Write(ref _unansweredInRow, 0);
            return null;
        }

        if (Volatile.Read(ref _unansweredInRow) == 0 || answered >= Volatile.Read(ref _firstUnansweredSent))
        {
            Volatile.Write(ref _firstUnansweredSent, sent);
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

    private EjectionReason? FailsTooOften(long now, OutlierSettings settings)
    {
        var (requests, failures) = _window.Read(now, settings.Window);
        return requests >= settings.MinimumRequests && failures >= settings.FailureRate * requests ? EjectionReason.FailureRate : null;
    }
}
