namespace ClientSideLb.Simulator;

/// <summary>Times how long clients take to notice that a backend fails, and that it is back.</summary>
internal sealed class FaultWatch(int backends, int clients)
{
    private readonly long[] _failedAt = Filled(backends);
    private readonly long[] _recoveredAt = Filled(backends);
    private readonly int[] _returned = new int[backends];
    private readonly HashSet<(int Backend, int Client)> _settled = [];
    private readonly List<int> _failing = [];
    private readonly List<long> _toDetect = [];
    private readonly List<long> _toReturn = [];

    internal TimeSpan? MedianToDetect => Median(_toDetect);

    internal TimeSpan? MedianToReturn => Median(_toReturn);

    internal void Failed(int backend, long now)
    {
        if (_failedAt[backend] < 0)
        {
            _failedAt[backend] = now;
            _recoveredAt[backend] = -1;
            _failing.Add(backend);
            _settled.RemoveWhere(pair => pair.Backend == backend);
        }
    }

    internal void Recovered(int backend, long now)
    {
        if (_failedAt[backend] >= 0)
        {
            _failedAt[backend] = -1;
            _recoveredAt[backend] = now;
            _returned[backend] = 0;
            _failing.Remove(backend);
            _settled.RemoveWhere(pair => pair.Backend == backend);
        }
    }

    /// <summary>Looks which failing backends a client has taken out, after it had news.</summary>
    internal void Look(Client client, IReadOnlyList<Backend> all, long now)
    {
        foreach (var backend in _failing)
        {
            if (!_settled.Contains((backend, client.Index)) && IsOut(client.Cluster, all[backend]))
            {
                _settled.Add((backend, client.Index));
                _toDetect.Add(now - _failedAt[backend]);
            }
        }
    }

    /// <summary>Notes that a backend has answered a client.</summary>
    internal void Answered(int backend, int client, long now)
    {
        if (_recoveredAt[backend] >= 0 && _settled.Add((backend, client)))
        {
            _toReturn.Add(now - _recoveredAt[backend]);
            if (++_returned[backend] == clients)
            {
                _recoveredAt[backend] = -1;
            }
        }
    }

    private static bool IsOut(Cluster cluster, Backend backend)
    {
        foreach (var endpoint in cluster.Snapshot.Members)
        {
            if (ReferenceEquals(endpoint.Location, backend.Description.Address))
            {
                return !endpoint.IsAvailable;
            }
        }

        return true;
    }

    private static long[] Filled(int length)
    {
        var times = new long[length];
        Array.Fill(times, -1);
        return times;
    }

    private static TimeSpan? Median(List<long> times)
    {
        if (times.Count == 0)
        {
            return null;
        }

        times.Sort();
        return Nanoseconds.ToTimeSpan(times[times.Count / 2]);
    }
}
