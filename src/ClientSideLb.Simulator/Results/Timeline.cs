using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Results;

/// <summary>Cuts a run into slices of equal length.</summary>
internal sealed class Timeline(int backends, long length)
{
    private readonly List<TimelineSlice> _slices = [];
    private LatencyDistribution _latency = new();
    private int[] _attempts = new int[backends];
    private long _failures;

    internal IReadOnlyList<TimelineSlice> Slices => _slices;

    internal void AddAttempt(int backend) => _attempts[backend]++;

    /// <summary>Adds a request that has ended.</summary>
    internal void AddRequest(long latency, bool isAnswered)
    {
        if (isAnswered)
        {
            _latency.Add(latency);
        }
        else
        {
            _failures++;
        }
    }

    /// <summary>Ends the current slice, and begins the next.</summary>
    internal void EndSlice(long now)
    {
        _slices.Add(new TimelineSlice(
            Nanoseconds.ToTimeSpan(now - length), _latency.Count + _failures, _failures, _latency.Quantile(0.5), _latency.Quantile(0.99), _attempts));
        _latency = new LatencyDistribution();
        _attempts = new int[_attempts.Length];
        _failures = 0;
    }
}
