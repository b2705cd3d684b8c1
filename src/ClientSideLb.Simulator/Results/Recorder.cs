namespace ClientSideLb.Simulator;

/// <summary>Counts and times what happens in a run. Its size depends on backends, keys and slices, and not on the number of requests.</summary>
internal sealed class Recorder
{
    private readonly long _from;
    private readonly LatencyDistribution _latency = new();
    private readonly long[] _failures = new long[Enum.GetValues<Outcome>().Length];
    private readonly long[] _attempts;
    private readonly int[] _inFlight;
    private readonly int[] _peaks;
    private readonly KeyMoveCounter _keys;
    private readonly Timeline _timeline;
    private long _requests;
    private long _moved;
    private double _timeInSystem;
    private double _inSystemOverTime;
    private long _inSystem;
    private long _inSystemSince;

    /// <param name="backends">How many backends there are.</param>
    /// <param name="keys">How many keys there are.</param>
    /// <param name="from">When measuring begins.</param>
    /// <param name="slice">How long a slice of the timeline is.</param>
    internal Recorder(int backends, int keys, long from, long slice)
    {
        _from = from;
        _inSystemSince = from;
        _attempts = new long[backends];
        _inFlight = new int[backends];
        _peaks = new int[backends];
        _keys = new KeyMoveCounter(keys);
        _timeline = new Timeline(backends, slice);
    }

    internal void Begin(long now)
    {
        AdvanceInSystem(now);
        _inSystem++;
    }

    internal void Attempt(int backend, int key, bool isFirst, long now)
    {
        var inFlight = ++_inFlight[backend];
        _timeline.Attempt(backend);
        if (now >= _from)
        {
            _attempts[backend]++;
            _peaks[backend] = Math.Max(_peaks[backend], inFlight);
            _moved += isFirst ? 0 : 1;
            _keys.Add(key, backend);
        }
    }

    internal void AttemptEnded(int backend) => _inFlight[backend]--;

    internal void End(long started, Outcome outcome, long now)
    {
        AdvanceInSystem(now);
        _inSystem--;
        var isAnswered = outcome == Outcome.Answered;
        _timeline.End(now - started, isAnswered);

        // What began in the warm-up is left out, and what ends after the end as well.
        if (started < _from)
        {
            return;
        }

        _requests++;
        _timeInSystem += now - started;
        if (isAnswered)
        {
            _latency.Add(now - started);
        }
        else
        {
            _failures[(int)outcome]++;
        }
    }

    internal void Slice(long now) => _timeline.Slice(now);

    internal RunResult Result(string label, string strategy, IReadOnlyList<Backend> backends, FaultWatch faults, long end)
    {
        AdvanceInSystem(end);
        var attempts = _attempts.Sum();
        return new RunResult
        {
            Label = label,
            Strategy = strategy,
            Measured = Nanoseconds.ToTimeSpan(end - _from),
            Requests = _requests,
            FailuresByKind = Enum.GetValues<Outcome>().Where(outcome => _failures[(int)outcome] > 0).ToDictionary(NameOf, outcome => _failures[(int)outcome]),
            Moved = _moved,
            Latency = _latency,
            Backends = [.. _attempts.Select((count, i) => new BackendResult(i, count, attempts == 0 ? 0 : (double)count / attempts, _peaks[i]))],
            Imbalance = ImbalanceOf(backends, attempts),
            MeanInFlight = _inSystemOverTime / Math.Max(1, end - _from),
            MeanTimeInSystem = Nanoseconds.ToTimeSpan((long)(_timeInSystem / Math.Max(1, _requests))),
            TimeToDetect = faults.MedianToDetect,
            TimeToReturn = faults.MedianToReturn,
            KeysMoved = _keys.Share,
            Timeline = _timeline.Slices,
        };
    }

    private static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Unavailable => "503",
        Outcome.Refused => "refused",
        Outcome.BrokenOff => "broken off",
        Outcome.AttemptTimedOut => "attempt timed out",
        Outcome.TimedOut => "timed out",
        Outcome.NoEndpoint => "no endpoint",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "is no failure."),
    };

    private double ImbalanceOf(IReadOnlyList<Backend> backends, long attempts)
    {
        var weight = backends.Sum(static backend => (long)backend.Weight);
        return attempts == 0 || weight == 0
            ? 1
            : backends.Where(static backend => backend.Weight > 0).Max(backend => (double)_attempts[backend.Index] / backend.Weight) / ((double)attempts / weight);
    }

    private void AdvanceInSystem(long now)
    {
        if (now > _inSystemSince)
        {
            _inSystemOverTime += (double)_inSystem * (now - _inSystemSince);
            _inSystemSince = now;
        }
    }
}
