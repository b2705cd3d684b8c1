using System.Globalization;
using ClientSideLb.Simulator.Backends;
using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Results;

/// <summary>Counts and times what happens in a run. Its size depends on backends, keys and slices, and not on the number of requests.</summary>
internal sealed class Recorder
{
    private readonly long _from;
    private readonly LatencyDistribution _latency = new();
    private readonly long[] _failures = new long[Enum.GetValues<OutcomeKind>().Length];
    private readonly SortedDictionary<int, long> _failureStatuses = [];
    private readonly long[] _attempts;
    private readonly int[] _attemptsInFlight;
    private readonly int[] _peaks;
    private readonly KeyMoveCounter[] _keys;
    private readonly int[][] _owners;
    private readonly ConnectionCounter _connections;
    private readonly ZoneRecorder? _zones;
    private readonly Timeline _timeline;
    private long _requests;
    private long _moved;
    private long _attemptsAtFailing;
    private long _rejected;
    private long _awayFromOwner;
    private bool _isAnyFailing;
    private double _totalTime;
    private long _requestsInFlight;
    private long _requestsInFlightSince;
    private double _requestsInFlightOverTime;

    /// <param name="backends">The number of backends.</param>
    /// <param name="clients">The number of clients.</param>
    /// <param name="keys">The number of keys of each group of clients.</param>
    /// <param name="zones">Records what happens in each zone, if there are zones.</param>
    /// <param name="from">The time at which measuring begins, after the warm-up.</param>
    /// <param name="slice">The length of a slice of the timeline.</param>
    internal Recorder(int backends, int clients, IReadOnlyList<int> keys, ZoneRecorder? zones, long from, long slice)
    {
        _from = from;
        _requestsInFlightSince = from;
        _attempts = new long[backends];
        _attemptsInFlight = new int[backends];
        _peaks = new int[backends];
        _keys = [.. keys.Select(static count => new KeyMoveCounter(count))];
        _owners = [.. keys.Select(static _ => Array.Empty<int>())];
        _connections = new ConnectionCounter(backends, clients);
        _zones = zones;
        _timeline = new Timeline(backends, slice);
    }

    /// <summary>Sets the backend that owns each key of a group of clients, if the strategy maps keys to backends.</summary>
    internal void SetOwners(int group, int[] owners) => _owners[group] = owners;

    /// <summary>Notes whether any backend fails from now on.</summary>
    internal void SetFailing(bool isAnyFailing, long now)
    {
        _isAnyFailing = isAnyFailing;
        _zones?.SetFailing(isAnyFailing, now);
    }

    internal void BeginRequest(SimulatedRequest request, long now)
    {
        request.BeganWhileFailing = _isAnyFailing;
        AdvanceRequestsInFlight(now);
        _requestsInFlight++;
    }

    internal void BeginAttempt(SimulatedRequest request, bool isFailing, long now)
    {
        var (backend, group, isFirst) = (request.Backend, request.Client.Group, request.Attempts == 1);
        var owners = _owners[group];
        var inFlight = ++_attemptsInFlight[backend];
        _timeline.AddAttempt(backend);
        _connections.Add(request.Client.Index, backend);
        _zones?.BeginAttempt(group, backend, now);
        if (now >= _from)
        {
            _attempts[backend]++;
            _peaks[backend] = Math.Max(_peaks[backend], inFlight);
            _moved += isFirst ? 0 : 1;
            _attemptsAtFailing += isFailing ? 1 : 0;
            _awayFromOwner += isFirst && owners.Length > 0 && owners[request.Key] != backend ? 1 : 0;
            _keys[group].Add(request.Key, backend);
        }
    }

    internal void EndAttempt(int backend, Outcome outcome, long now)
    {
        _attemptsInFlight[backend]--;
        _rejected += outcome.IsRejected && now >= _from ? 1 : 0;
    }

    internal void EndRequest(SimulatedRequest request, Outcome outcome, long now)
    {
        var started = request.Started;
        AdvanceRequestsInFlight(now);
        _requestsInFlight--;
        _timeline.AddRequest(now - started, outcome.IsAnswered);
        _zones?.EndRequest(request, outcome.IsAnswered, now);

        // Requests that began in the warm-up, or that have not ended when the run ends, are not measured.
        if (started < _from)
        {
            return;
        }

        _requests++;
        _totalTime += now - started;
        switch (outcome.Kind)
        {
            case OutcomeKind.Answered:
                _latency.Add(now - started);
                break;
            case OutcomeKind.FailureStatus:
                _failureStatuses[(int)outcome.Status] = _failureStatuses.GetValueOrDefault((int)outcome.Status) + 1;
                break;
            default:
                _failures[(int)outcome.Kind]++;
                break;
        }
    }

    internal void EndSlice(long now)
    {
        _timeline.EndSlice(now);
        _zones?.EndSlice(now);
    }

    internal RunResult CreateResult(string label, string strategy, bool hasSubsets, IReadOnlyList<Backend> backends, FaultWatch faults, long end)
    {
        AdvanceRequestsInFlight(end);
        var attempts = _attempts.Sum();
        return new RunResult
        {
            Label = label,
            Strategy = strategy,
            Measured = Nanoseconds.ToTimeSpan(end - _from),
            Requests = _requests,
            FailuresByKind = GetFailures(),
            Moved = _moved,
            AttemptsAtFailing = _attemptsAtFailing,
            Rejected = _rejected,
            AwayFromOwner = _awayFromOwner,
            Latency = _latency,
            Backends = [.. _attempts.Select((count, i) => new BackendResult(i, count, attempts == 0 ? 0 : (double)count / attempts, _peaks[i]))],
            Imbalance = ComputeImbalance(backends, attempts),
            MeanInFlight = _requestsInFlightOverTime / Math.Max(1, end - _from),
            MeanTimeInSystem = Nanoseconds.ToTimeSpan((long)(_totalTime / Math.Max(1, _requests))),
            TimeToDetect = faults.MedianToDetect,
            TimeToReturn = faults.MedianToReturn,
            KeysMoved = KeyMoveCounter.GetShare(_keys),
            Connections = _connections.Count,
            HasSubsets = hasSubsets,
            Timeline = _timeline.Slices,
            Zones = _zones?.CreateResults(end) ?? [],
        };
    }

    private static string NameFailure(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Refused => "refused",
        OutcomeKind.BrokenOff => "broken off",
        OutcomeKind.AttemptTimedOut => "attempt timed out",
        OutcomeKind.TimedOut => "timed out",
        OutcomeKind.NotSent => "429 without being sent",
        OutcomeKind.NoEndpoint => "no endpoint",
        OutcomeKind.Saturated => "saturated",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no name as a failure."),
    };

    private Dictionary<string, long> GetFailures()
    {
        var failures = _failureStatuses.ToDictionary(static status => status.Key.ToString(CultureInfo.InvariantCulture), static status => status.Value);
        foreach (var kind in Enum.GetValues<OutcomeKind>().Where(kind => _failures[(int)kind] > 0))
        {
            failures.Add(NameFailure(kind), _failures[(int)kind]);
        }

        return failures;
    }

    private double ComputeImbalance(IReadOnlyList<Backend> backends, long attempts)
    {
        var weight = backends.Sum(static backend => (long)backend.Weight);
        return attempts == 0 || weight == 0
            ? 1
            : backends.Where(static backend => backend.Weight > 0).Max(backend => (double)_attempts[backend.Index] / backend.Weight) / ((double)attempts / weight);
    }

    private void AdvanceRequestsInFlight(long now)
    {
        if (now > _requestsInFlightSince)
        {
            _requestsInFlightOverTime += (double)_requestsInFlight * (now - _requestsInFlightSince);
            _requestsInFlightSince = now;
        }
    }
}
