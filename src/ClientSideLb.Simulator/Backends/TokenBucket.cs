using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Backends;

/// <summary>A bucket of tokens that fills at a rate. It is full at the start.</summary>
/// <param name="limit">The rate and the size of the bucket.</param>
internal sealed class TokenBucket(RateLimit limit)
{
    private readonly long _interval = Math.Max(1, (long)(Nanoseconds.PerSecond / limit.Rate));

    // The time at which the bucket will be full tells how many tokens are in it now.
    private long _fullAt = long.MinValue;

    private long TimeToFill => _interval * limit.Burst;

    /// <summary>Takes a token.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">The time until there is a token, if there is none.</param>
    /// <returns>Whether there was a token.</returns>
    internal bool TryTake(long now, out long wait)
    {
        var fullAt = Math.Max(_fullAt, now) + _interval;
        wait = fullAt - now - TimeToFill;
        if (wait > 0)
        {
            return false;
        }

        _fullAt = fullAt;
        return true;
    }

    /// <summary>
    /// Gets the time that a rejected request is asked to wait for: whole milliseconds if the answer gives them, or else whole seconds. Zero means that the
    /// answer gives no time.
    /// </summary>
    internal TimeSpan GetRetryAfter(long wait)
    {
        var unit = limit.InMilliseconds ? Nanoseconds.PerMillisecond : Nanoseconds.PerSecond;
        return limit.RetryAfter ?? Nanoseconds.ToTimeSpan((wait + unit - 1) / unit * unit);
    }
}
