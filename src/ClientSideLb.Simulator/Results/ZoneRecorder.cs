using ClientSideLb.Simulator.Balancing;
using ClientSideLb.Simulator.Time;

namespace ClientSideLb.Simulator.Results;

/// <summary>Counts and times what happens to the clients and the backends of each zone: over the whole run, and while a backend fails.</summary>
internal sealed class ZoneRecorder
{
    private const int None = -1;

    private readonly IReadOnlyList<string> _names;
    private readonly int[] _zoneOfGroup;
    private readonly int[] _zoneOfBackend;
    private readonly TrafficCounter[] _whole;
    private readonly TrafficCounter[] _whileFailing;
    private readonly Timeline[] _timelines;
    private readonly long _from;
    private bool _isFailing;
    private long _failingSince;
    private long _failingTime;

    /// <param name="names">The names of the zones.</param>
    /// <param name="groups">The zone of each group of clients, or <see langword="null"/> for one that is in no zone.</param>
    /// <param name="backends">The zone of each backend, or <see langword="null"/> for one that is in no zone.</param>
    /// <param name="from">The time at which measuring begins, after the warm-up.</param>
    /// <param name="slice">The length of a slice of the timeline.</param>
    internal ZoneRecorder(IReadOnlyList<string> names, IEnumerable<string?> groups, IEnumerable<string?> backends, long from, long slice)
    {
        _names = names;
        _zoneOfGroup = FindZones(groups);
        _zoneOfBackend = FindZones(backends);
        _whole = [.. names.Select(static _ => new TrafficCounter())];
        _whileFailing = [.. names.Select(static _ => new TrafficCounter())];
        _timelines = [.. names.Select(_ => new Timeline(_zoneOfBackend.Length, slice))];
        _from = from;
    }

    /// <summary>Notes whether any backend fails from now on.</summary>
    internal void SetFailing(bool isAnyFailing, long now)
    {
        AdvanceFailingTime(now);
        _isFailing = isAnyFailing;
    }

    internal void BeginAttempt(int group, int backend, long now)
    {
        var (client, server) = (_zoneOfGroup[group], _zoneOfBackend[backend]);
        if (client != None)
        {
            _timelines[client].AddAttempt(backend);
        }

        if (now < _from)
        {
            return;
        }

        AddAttempt(_whole, client, server);
        if (_isFailing)
        {
            AddAttempt(_whileFailing, client, server);
        }
    }

    internal void EndRequest(SimulatedRequest request, bool isAnswered, long now)
    {
        var zone = _zoneOfGroup[request.Client.Group];
        if (zone == None)
        {
            return;
        }

        var latency = now - request.Started;
        _timelines[zone].AddRequest(latency, isAnswered);
        if (request.Started < _from)
        {
            return;
        }

        _whole[zone].AddRequest(latency, isAnswered);
        if (request.BeganWhileFailing)
        {
            _whileFailing[zone].AddRequest(latency, isAnswered);
        }
    }

    internal void EndSlice(long now) => Array.ForEach(_timelines, timeline => timeline.EndSlice(now));

    internal IReadOnlyList<ZoneResult> CreateResults(long end)
    {
        AdvanceFailingTime(end);
        return [.. _names.Select((name, zone) => new ZoneResult
        {
            Zone = name,
            Clients = _whole[zone].Result,
            ClientsWhileFailing = _failingTime == 0 ? null : _whileFailing[zone].Result,
            BackendRate = ComputeRate(zone, _whole, end - _from),
            BackendRateWhileFailing = _failingTime == 0 ? null : ComputeRate(zone, _whileFailing, _failingTime),
            Timeline = _timelines[zone].Slices,
        })];
    }

    private static void AddAttempt(TrafficCounter[] zones, int client, int server)
    {
        if (client != None)
        {
            zones[client].AddSent(crossesZones: server != None && server != client);
        }

        if (server != None)
        {
            zones[server].AddReceived();
        }
    }

    private int[] FindZones(IEnumerable<string?> zones) => [.. zones.Select(zone => zone is null ? None : _names.ToList().IndexOf(zone))];

    private double ComputeRate(int zone, TrafficCounter[] counters, long time) =>
        counters[zone].Received / ((double)time / Nanoseconds.PerSecond) / Math.Max(1, _zoneOfBackend.Count(other => other == zone));

    private void AdvanceFailingTime(long now)
    {
        if (_isFailing)
        {
            _failingTime += Math.Max(0, now - Math.Max(_failingSince, _from));
        }

        _failingSince = now;
    }
}
