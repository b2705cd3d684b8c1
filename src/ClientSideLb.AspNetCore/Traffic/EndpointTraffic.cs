namespace ClientSideLb.AspNetCore.Traffic;

/// <summary>
/// Counts the attempts at one endpoint in each of the last 60 whole seconds. All members are safe for use from any thread and take no
/// lock; an attempt that ends at the very moment at which a second begins may be lost.
/// </summary>
internal sealed class EndpointTraffic
{
    /// <summary>The number of seconds in the history.</summary>
    internal const int History = 60;

    /// <summary>
    /// The number of seconds that rates, failures and quantiles cover: the running second and the whole ones before it. With the running
    /// second, the figures include the failures that have just ejected an endpoint.
    /// </summary>
    internal const int Window = 10;

    private readonly Second[] _seconds = new Second[History + 4];
    private readonly LatencyHistogram[] _latencies = new LatencyHistogram[Window + 2];
    private readonly long[] _latencySeconds = new long[Window + 2];
    private long _latestSecond;

    internal EndpointTraffic()
    {
        for (var i = 0; i < _latencies.Length; i++)
        {
            _latencies[i] = new LatencyHistogram();
        }
    }

    /// <summary>Gets the latest second in which an attempt ended.</summary>
    internal long LatestSecond => Volatile.Read(ref _latestSecond);

    /// <summary>Counts an attempt.</summary>
    /// <param name="second">The second in which the attempt ended.</param>
    /// <param name="duration">The time to the headers, or <see langword="null"/> if the attempt did not succeed.</param>
    /// <param name="failed">Whether the attempt failed. A cancelled attempt has neither succeeded nor failed.</param>
    internal void Add(long second, TimeSpan? duration, bool failed)
    {
        ref var counts = ref _seconds[second % _seconds.Length];
        if (TryBegin(ref counts.Number, second))
        {
            Volatile.Write(ref counts.Attempts, 0);
            Volatile.Write(ref counts.Failures, 0);
            Volatile.Write(ref _latestSecond, second);
        }

        Interlocked.Increment(ref counts.Attempts);
        if (failed)
        {
            Interlocked.Increment(ref counts.Failures);
        }

        if (duration is { } time)
        {
            var latencies = _latencies[second % _latencies.Length];
            if (TryBegin(ref _latencySeconds[second % _latencies.Length], second))
            {
                latencies.Clear();
            }

            latencies.Add(time);
        }
    }

    /// <summary>Summarizes the last <see cref="Window"/> seconds, and the history of the whole seconds before the running one.</summary>
    /// <param name="now">The running second.</param>
    internal TrafficSummary Summarize(long now)
    {
        var history = new int[History];
        for (var i = 0; i < History; i++)
        {
            history[i] = GetCounts(now - History + i).Attempts;
        }

        var (attempts, failures) = (0, 0);
        var latencies = new LatencyHistogram();
        for (var second = now - Window + 1; second <= now; second++)
        {
            var counts = GetCounts(second);
            attempts += counts.Attempts;
            failures += counts.Failures;
            if (Volatile.Read(ref _latencySeconds[second % _latencies.Length]) == second)
            {
                latencies.Add(_latencies[second % _latencies.Length]);
            }
        }

        return new TrafficSummary(attempts, failures, latencies.GetQuantile(0.5), latencies.GetQuantile(0.99), history);
    }

    private (int Attempts, int Failures) GetCounts(long second)
    {
        ref var counts = ref _seconds[second % _seconds.Length];
        return Volatile.Read(ref counts.Number) == second
            ? (Volatile.Read(ref counts.Attempts), Volatile.Read(ref counts.Failures))
            : (0, 0);
    }

    // Slots are reused round after round. The thread that begins a new second in a slot gets true, and clears the old counts.
    private static bool TryBegin(ref long slot, long second)
    {
        var last = Volatile.Read(ref slot);
        return last != second && Interlocked.CompareExchange(ref slot, second, last) == last;
    }

    private struct Second
    {
        internal long Number;
        internal int Attempts;
        internal int Failures;
    }
}
