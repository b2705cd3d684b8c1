namespace Showdown;

/// <summary>The times of requests, from sending to the end of the answer.</summary>
internal sealed class Timings
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _timings = [];

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _timings.Count;
            }
        }
    }

    internal void Add(TimeSpan timing)
    {
        lock (_lock)
        {
            _timings.Add(timing);
        }
    }

    internal TimeSpan GetMean()
    {
        lock (_lock)
        {
            return _timings.Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)_timings.Average(static timing => timing.Ticks));
        }
    }

    /// <summary>Gets the time within which a given part of the requests was answered, such as 0.99 of them.</summary>
    internal TimeSpan GetPercentile(double part)
    {
        TimeSpan[] sorted;
        lock (_lock)
        {
            sorted = [.. _timings];
        }

        Array.Sort(sorted);
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }
}
