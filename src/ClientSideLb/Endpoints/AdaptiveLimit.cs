namespace ClientSideLb.Endpoints;

/// <summary>
/// Finds out how many requests an endpoint can serve at the same time, from its latency, by <see cref="GradientController"/>. It compares the median latency
/// of each window with the latency without load. That is measured again and again, with only a few requests in flight if the limit keeps requests away, as Envoy does.
/// </summary>
/// <remarks>One thread updates it at a time. A result that arrives meanwhile is left out.</remarks>
/// <param name="apply">Applies a new limit. It is called under the lock of this object.</param>
/// <param name="jitter">A number from 0 to 1 that moves the measurements, so that the endpoints are not measured at the same time.</param>
internal sealed class AdaptiveLimit(Action<int> apply, double jitter)
{
    internal const int InitialLimit = 20;

    /// <summary>The limit while the latency without load is measured.</summary>
    internal const int MeasuringLimit = 3;

    // Enough for a median. A backend with less traffic than this in a window gets a longer window.
    private const int LeastSamples = 20;
    private const int MeasuringSamples = 50;
    private const int MostSamples = 512;
    private const int WindowsAtLeastLimit = 5;

    // A dropped request is a certain sign of overload, and needs no median.
    private const double DropFactor = 0.9;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestMeasurement = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstMeasurement = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MeasuringInterval = TimeSpan.FromSeconds(25);

    private readonly Lock _lock = new();
    private readonly TimeSpan[] _samples = new TimeSpan[MostSamples];
    private int _count;
    private int _drops;
    private int _peak;
    private int _windowsAtLeast;
    private double _limit = InitialLimit;
    private int _ceiling = int.MaxValue;
    private TimeSpan? _unloaded;
    private TimeSpan _windowEnd;
    private TimeSpan? _nextMeasurement;
    private TimeSpan? _measuringSince;
    private bool _hasEnded;

    /// <summary>Sets the limit that this one never exceeds.</summary>
    internal void SetCeiling(int ceiling)
    {
        lock (_lock)
        {
            _ceiling = ceiling;
            Apply();
        }
    }

    /// <summary>Ends the adaptation. After this, the limit is not applied any more.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
        }
    }

    /// <summary>Adds a result.</summary>
    /// <param name="latency">The time to the response's headers.</param>
    /// <param name="endedAt">The time of the result.</param>
    /// <param name="inFlight">The number of requests that were in flight, this one included.</param>
    /// <param name="isDropped">Whether the endpoint rejected the request, or did not answer in time.</param>
    internal void Observe(TimeSpan latency, TimeSpan endedAt, int inFlight, bool isDropped)
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (!_hasEnded)
            {
                Add(latency, endedAt, inFlight, isDropped);
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Add(TimeSpan latency, TimeSpan endedAt, int inFlight, bool isDropped)
    {
        _nextMeasurement ??= endedAt + (FirstMeasurement * (1 + jitter));
        if (_windowEnd == TimeSpan.Zero)
        {
            _windowEnd = endedAt + Window;
        }

        // A request that began before the measurement was slowed down by those beside it.
        if (_measuringSince is { } since && endedAt - latency < since)
        {
            return;
        }

        _peak = Math.Max(_peak, inFlight);
        if (isDropped)
        {
            _drops++;
        }
        else if (_count < MostSamples)
        {
            _samples[_count++] = latency;
        }

        if (_measuringSince is { } began)
        {
            if (_count >= MeasuringSamples || endedAt - began > LongestMeasurement)
            {
                EndMeasurement(endedAt);
            }
        }
        else if (endedAt >= _windowEnd && _count + _drops >= LeastSamples)
        {
            EndWindow(endedAt);
        }
    }

    private void EndWindow(TimeSpan now)
    {
        // If the requests in flight have reached the limit, it may have kept others away.
        var isReached = _peak >= Math.Min(_ceiling, (int)_limit);
        if (_count > 0)
        {
            var median = GetMedian();
            var next = GradientController.GetNext(_limit, _unloaded ??= median, median);

            // A limit that is not reached does not show how much the endpoint can serve.
            _limit = next > _limit && _peak * 2 < _limit ? _limit : next;
        }

        if (_drops > 0)
        {
            _limit = Math.Max(1, _limit * DropFactor);
        }

        _windowsAtLeast = _limit <= MeasuringLimit && isReached ? _windowsAtLeast + 1 : 0;
        if (now >= _nextMeasurement || _windowsAtLeast >= WindowsAtLeastLimit)
        {
            BeginMeasurement(now, isReached);
        }

        BeginWindow(now);
        Apply();
    }

    private void BeginMeasurement(TimeSpan now, bool isReached)
    {
        _windowsAtLeast = 0;
        _nextMeasurement = now + (MeasuringInterval * (1 + (0.3 * jitter)));
        if (isReached)
        {
            _measuringSince = now;
        }
        else if (_count > 0)
        {
            // The requests of this client do not slow the endpoint down, so none have to be held back.
            _unloaded = GetMedian();
        }
    }

    private void EndMeasurement(TimeSpan now)
    {
        _measuringSince = null;
        if (_count >= LeastSamples)
        {
            _unloaded = GetMedian();
        }

        BeginWindow(now);
        Apply();
    }

    private void BeginWindow(TimeSpan now)
    {
        (_count, _drops, _peak) = (0, 0, 0);
        _windowEnd = now + Window;
    }

    private TimeSpan GetMedian()
    {
        var samples = _samples.AsSpan(0, _count);
        samples.Sort();
        return samples[_count / 2];
    }

    private void Apply()
    {
        if (!_hasEnded)
        {
            var limit = _measuringSince is null ? (int)_limit : Math.Min(MeasuringLimit, (int)_limit);
            apply(Math.Max(1, Math.Min(_ceiling, limit)));
        }
    }
}
