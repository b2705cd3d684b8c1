namespace ClientSideLb.Strategies;

/// <summary>
/// A latency estimate that jumps to a peak at once and decays exponentially: the "peak EWMA" of Finagle and of linkerd. It is thread-safe
/// without a lock, and allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// The estimate is kept as a score: its logarithm plus the time divided by the decay time. In this form it stays the same while it decays.
/// So two estimates can be compared without computing a power of e for each, and without the time. Besides, the order of two estimates
/// outlasts any pause, where a plain number would become 0 and forget it.
/// </para>
/// <para>
/// The score and the time of the latest sample are two numbers. A thread that meets another one between them gives its sample a weight that is
/// somewhat wrong. It never loses a peak.
/// </para>
/// </remarks>
internal sealed class PeakEstimate
{
    private readonly double _decayTicks;

    // The two numbers that a pick reads stand side by side, nearly always on one cache line.
    private double _score = double.NegativeInfinity;
    private long _knownUntil = long.MinValue;

    private double _guess = double.NegativeInfinity;
    private long _updatedAt = long.MinValue;
    private volatile bool _isProven;

    internal PeakEstimate(TimeSpan decayTime)
    {
        DecayTime = decayTime;
        _decayTicks = decayTime.Ticks;
    }

    /// <summary>Creates an estimate with another decay time that has the same value as an earlier one at the time of its latest sample.</summary>
    internal PeakEstimate(TimeSpan decayTime, PeakEstimate earlier)
        : this(decayTime)
    {
        _isProven = earlier._isProven;
        _updatedAt = Volatile.Read(ref earlier._updatedAt);
        if (_updatedAt != long.MinValue)
        {
            double Convert(double score) => score - (_updatedAt / earlier._decayTicks) + (_updatedAt / _decayTicks);
            _score = Convert(earlier.Score);
            _guess = Convert(Volatile.Read(ref earlier._guess));
        }
    }

    /// <summary>Gets the time in which the estimate falls to 1/e of its value.</summary>
    internal TimeSpan DecayTime { get; }

    /// <summary>
    /// Gets the score, which orders estimates of the same decay time at any moment. A difference of 1 is a factor of e. Before the first sample or
    /// guess it is negative infinity, so that a pick notices the endpoint.
    /// </summary>
    internal double Score => Volatile.Read(ref _score);

    /// <summary>Gets a value indicating whether there was a sample or a guess.</summary>
    internal bool HasValue => !double.IsNegativeInfinity(Score);

    /// <summary>Gets a value indicating whether the endpoint has answered well at least once.</summary>
    internal bool IsProven => _isProven;

    /// <summary>Gets the time of the latest sample, in ticks.</summary>
    internal long UpdatedAt => Volatile.Read(ref _updatedAt);

    /// <summary>
    /// Gets the time, in ticks, until which the estimate needs no second thought: a decay time after the latest sample, if the endpoint is
    /// proven. A pick reads only this.
    /// </summary>
    internal long KnownUntil => Volatile.Read(ref _knownUntil);

    /// <summary>Reads the estimate, or 0 before the first sample or guess.</summary>
    internal TimeSpan Read(TimeSpan now)
    {
        var score = Score;
        return double.IsNegativeInfinity(score) ? TimeSpan.Zero : new TimeSpan((long)double.Round(Math.Exp(score - (now.Ticks / _decayTicks))));
    }

    /// <summary>Notes that the endpoint has answered well.</summary>
    internal void SetProven()
    {
        // The test keeps the cache line clean for the other threads, which read it for each pick.
        if (!_isProven)
        {
            _isProven = true;
            ExtendKnown();
        }
    }

    /// <summary>Gives the estimate a guess, which the first sample replaces. If it has a value already, nothing changes.</summary>
    /// <returns>The score.</returns>
    internal double Guess(TimeSpan latency, TimeSpan now)
    {
        var score = Score;
        if (!double.IsNegativeInfinity(score))
        {
            return score;
        }

        score = ToScore(latency, now.Ticks);
        Volatile.Write(ref _guess, score);
        var current = Interlocked.CompareExchange(ref _score, score, double.NegativeInfinity);
        if (!double.IsNegativeInfinity(current))
        {
            return current;
        }

        Advance(now.Ticks);
        return score;
    }

    /// <summary>Adds a latency. If it is above the latest value, the estimate jumps to it. Otherwise it moves towards it by the time since the latest sample.</summary>
    /// <param name="latency">The latency.</param>
    /// <param name="now">The time at which it was measured.</param>
    internal void Add(TimeSpan latency, TimeSpan now)
    {
        var old = Score;
        var previous = Advance(now.Ticks);
        var at = Math.Max(now.Ticks, previous);
        var left = Math.Exp((previous - (double)at) / _decayTicks);
        while (true)
        {
            var score = ToScore(latency, at);
            if (IsMeasured(old))
            {
                var decayed = Math.Exp(old - (at / _decayTicks));
                var latest = decayed / left;
                var sample = (double)Math.Max(1, latency.Ticks);
                if (sample <= latest)
                {
                    score = Math.Log(decayed + (sample * (1 - left))) + (at / _decayTicks);
                }
            }

            var current = Interlocked.CompareExchange(ref _score, score, old);
            if (IsSame(current, old))
            {
                return;
            }

            // Another thread has added a sample at about this time, and taken the weight of the time before it.
            (old, left) = (current, 1);
        }
    }

    /// <summary>Raises the estimate to a latency. If the estimate is higher, nothing changes.</summary>
    /// <param name="latency">The least that the latency is known to be.</param>
    /// <param name="now">The time at which that became known.</param>
    internal void AddLowerBound(TimeSpan latency, TimeSpan now)
    {
        if (Raise(ToScore(latency, now.Ticks)))
        {
            Advance(now.Ticks);
        }
    }

    /// <summary>Raises the score to a guess, which the next sample replaces. If the score is higher, nothing changes.</summary>
    internal void RaiseGuess(double score, TimeSpan now)
    {
        if (score > Score)
        {
            Volatile.Write(ref _guess, score);
            Raise(score);
            Advance(now.Ticks);
        }
    }

    private bool Raise(double score)
    {
        var old = Score;
        while (score > old)
        {
            var current = Interlocked.CompareExchange(ref _score, score, old);
            if (IsSame(current, old))
            {
                return true;
            }

            old = current;
        }

        return false;
    }

    private bool IsMeasured(double score) => !double.IsNegativeInfinity(score) && !IsSame(score, Volatile.Read(ref _guess));

    // Scores are compared bit by bit, as the interlocked operations compare them.
    private static bool IsSame(double one, double other) => BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other);

    private double ToScore(TimeSpan latency, long at) => Math.Log(Math.Max(1, latency.Ticks)) + (at / _decayTicks);

    // Moves the time of the latest sample on, and returns the one before it.
    private long Advance(long now)
    {
        var previous = UpdatedAt;
        while (now > previous)
        {
            var current = Interlocked.CompareExchange(ref _updatedAt, now, previous);
            if (current == previous)
            {
                break;
            }

            previous = current;
        }

        ExtendKnown();
        return previous;
    }

    private void ExtendKnown()
    {
        if (_isProven)
        {
            Volatile.Write(ref _knownUntil, UpdatedAt + (long)_decayTicks);
        }
    }
}
