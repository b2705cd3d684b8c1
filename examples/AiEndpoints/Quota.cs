namespace AiEndpoints;

/// <summary>
/// Counts the tokens of one deployment against its quota. The count starts again with each minute, as in services that limit tokens a minute.
/// </summary>
/// <param name="tokens">The tokens of one minute.</param>
/// <param name="minute">How long a minute lasts.</param>
/// <param name="begun">How much of the first minute is over.</param>
/// <param name="time">The clock.</param>
internal sealed class Quota(int tokens, TimeSpan minute, TimeSpan begun, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private long _minute;
    private int _used;

    /// <summary>Takes the tokens of a request, if they fit into the rest of this minute.</summary>
    /// <param name="needed">The tokens that the request may need.</param>
    /// <param name="wait">The time until the next minute, if they do not fit.</param>
    internal bool TryTake(int needed, out TimeSpan wait)
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_start) + begun;
            var current = elapsed.Ticks / minute.Ticks;
            if (current > _minute)
            {
                (_minute, _used) = (current, 0);
            }

            wait = TimeSpan.FromTicks(minute.Ticks - (elapsed.Ticks % minute.Ticks));
            if (needed > tokens - _used)
            {
                return false;
            }

            _used += needed;
            return true;
        }
    }
}
