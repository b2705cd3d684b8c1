namespace ClientSideLb.Consul.Watching;

/// <summary>Lets a few steps through at once, and then one for each period. Not thread-safe.</summary>
internal sealed class TokenBucket(int burst, TimeSpan period, TimeProvider time)
{
    private double _tokens = burst;
    private long _filled = time.GetTimestamp();

    /// <summary>Takes a token.</summary>
    /// <returns>The time to wait until it is there: zero if it is there now.</returns>
    internal TimeSpan Take()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filled, now) / period)) - 1;
        _filled = now;
        return _tokens >= 0 ? TimeSpan.Zero : period * -_tokens;
    }
}
