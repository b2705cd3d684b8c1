using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Results;

/// <summary>Measures how long clients take to notice that a backend fails, and that it works again.</summary>
internal sealed class FaultWatch(int backends, int clients)
{
    private const long Never = -1;

    private readonly long[] _failedAt = CreateTimes(backends);
    private readonly long[] _recoveredAt = CreateTimes(backends);
    private readonly int[] _returned = new int[backends];
    private readonly HashSet<(int Backend, int Client)> _noticed = [];
    private readonly List<int> _failing = [];
    private readonly List<long> _toDetect = [];
    private readonly List<long> _toReturn = [];
    private readonly Queue<BalancedClient> _changed = new();

    internal TimeSpan? MedianToDetect => GetMedian(_toDetect);

    internal TimeSpan? MedianToReturn => GetMedian(_toReturn);

    /// <summary>Gets a value indicating whether any backend is failing.</summary>
    internal bool IsAnyFailing => _failing.Count > 0;

    /// <summary>Notes that a backend has begun to fail.</summary>
    internal void AddFailure(int backend, long now)
    {
        if (_failedAt[backend] == Never)
        {
            _failedAt[backend] = now;
            _recoveredAt[backend] = Never;
            _failing.Add(backend);
            _noticed.RemoveWhere(pair => pair.Backend == backend);
        }
    }

    /// <summary>Notes that a backend works again.</summary>
    internal void AddRecovery(int backend, long now)
    {
        if (_failedAt[backend] != Never)
        {
            _failedAt[backend] = Never;
            _recoveredAt[backend] = now;
            _returned[backend] = 0;
            _failing.Remove(backend);
            _noticed.RemoveWhere(pair => pair.Backend == backend);
        }
    }

    /// <summary>Notes that a client changes the state of an endpoint. The change itself is looked at later, by <see cref="CheckChanges"/>.</summary>
    internal void AddChange(BalancedClient client) => _changed.Enqueue(client);

    /// <summary>Checks which of the failing backends the clients that have changed no longer use.</summary>
    internal void CheckChanges(long now)
    {
        while (_changed.TryDequeue(out var client))
        {
            foreach (var backend in _failing)
            {
                if (client.Knows(backend) && !_noticed.Contains((backend, client.Index)) && !client.Uses(backend))
                {
                    _noticed.Add((backend, client.Index));
                    _toDetect.Add(now - _failedAt[backend]);
                }
            }
        }
    }

    /// <summary>Notes that a backend has answered a client.</summary>
    internal void AddAnswer(int backend, int client, long now)
    {
        if (_recoveredAt[backend] != Never && _noticed.Add((backend, client)))
        {
            _toReturn.Add(now - _recoveredAt[backend]);
            if (++_returned[backend] == clients)
            {
                _recoveredAt[backend] = Never;
            }
        }
    }

    private static long[] CreateTimes(int length)
    {
        var times = new long[length];
        Array.Fill(times, Never);
        return times;
    }

    private static TimeSpan? GetMedian(List<long> times)
    {
        if (times.Count == 0)
        {
            return null;
        }

        times.Sort();
        return Nanoseconds.ToTimeSpan(times[times.Count / 2]);
    }
}
