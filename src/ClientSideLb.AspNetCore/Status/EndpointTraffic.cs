namespace ClientSideLb;

/// <summary>
/// What went to one endpoint in each of the last 60 whole seconds. Safe for many threads, without a lock; what is counted in the moment
/// in which a second begins may be lost.
/// </summary>
internal sealed class EndpointTraffic
{
    /// <summary>How many seconds are kept.</summary>
    internal const int History = 60;

    /// <summary>How many seconds rates and quantiles are taken over.</summary>
    internal const int Window = 10;

    private readonly Second[] _seconds = new Second[History + 4];
    private readonly LatencyHistogram[] _latencies = new LatencyHistogram[Window + 2];
    private readonly long[] _latencySeconds = new long[Window + 2];
    private long _latest;

    internal EndpointTraffic()
    {
        for (var i = 0; i < _latencies.Length; i++)
        {
            _latencies[i] = new LatencyHistogram();
        }
    }

    /// <summary>Gets the latest second in which there was anything.</summary>
    internal long Latest => Volatile.Read(ref _latest);

    /// <summary>Counts an attempt.</summary>
    /// <param name="second">The second in which it ended.</param>
    /// <param name="duration">How long it took to the headers, or <see langword="null"/> where there were none that count.</param>
    /// <param name="failed">Whether it failed.</param>
    internal void Add(long second, TimeSpan? duration, bool failed)
    {
        ref var counts = ref _seconds[second % _seconds.Length];
        if (Begin(ref counts.Number, second))
        {
            Volatile.Write(ref counts.Attempts, 0);
            Volatile.Write(ref counts.Failures, 0);
            Volatile.Write(ref _latest, second);
        }

        Interlocked.Increment(ref counts.Attempts);
        if (failed)
        {
            Interlocked.Increment(ref counts.Failures);
        }

        if (duration is { } time)
        {
            var latencies = _latencies[second % _latencies.Length];
            if (Begin(ref _latencySeconds[second % _latencies.Length], second))
            {
                latencies.Clear();
            }

            latencies.Add(time);
        }
    }

    /// <summary>Sums up the whole seconds before one that is not over.</summary>
    internal TrafficSummary Read(long now)
    {
        var history = new int[History];
        for (var i = 0; i < History; i++)
        {
            history[i] = CountsOf(now - History + i).Attempts;
        }

        var (attempts, failures) = (0, 0);
        var latencies = new LatencyHistogram();
        for (var second = now - Window; second < now; second++)
        {
            var counts = CountsOf(second);
            attempts += counts.Attempts;
            failures += counts.Failures;
            if (Volatile.Read(ref _latencySeconds[second % _latencies.Length]) == second)
            {
                latencies.Add(_latencies[second % _latencies.Length]);
            }
        }

        return new TrafficSummary(attempts, failures, latencies.Quantile(0.5), latencies.Quantile(0.99), history);
    }

    private (int Attempts, int Failures) CountsOf(long second)
    {
        ref var counts = ref _seconds[second % _seconds.Length];
        return Volatile.Read(ref counts.Number) == second
            ? (Volatile.Read(ref counts.Attempts), Volatile.Read(ref counts.Failures))
            : (0, 0);
    }

    // The first to count in a second clears what was there a round before.
    private static bool Begin(ref long slot, long second)
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
