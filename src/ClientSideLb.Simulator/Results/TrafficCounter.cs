namespace ClientSideLb.Simulator.Results;

/// <summary>Counts and times the requests of some clients, and counts the attempts that reach some backends.</summary>
internal sealed class TrafficCounter
{
    private readonly LatencyDistribution _latency = new();
    private long _failures;
    private long _attempts;
    private long _crossZone;

    /// <summary>Gets the number of attempts that reached the backends.</summary>
    internal long Received { get; private set; }

    internal TrafficResult Result => new(_latency.Count + _failures, _failures, _latency, _attempts, _crossZone);

    internal void AddSent(bool crossesZones)
    {
        _attempts++;
        _crossZone += crossesZones ? 1 : 0;
    }

    internal void AddReceived() => Received++;

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
}
