using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClientSideLb.AspNetCore.Traffic;

/// <summary>Listens to the balancer's metric of attempts and keeps the last minute of traffic for each endpoint.</summary>
internal sealed class TrafficMonitor : IDisposable
{
    private const string Meter = "ClientSideLb";
    private const string AttemptDuration = "clientsidelb.attempt.duration";
    private const string ClientTag = "clientsidelb.client";
    private const string ServiceTag = "clientsidelb.service";
    private const string EndpointTag = "clientsidelb.endpoint";
    private const string OutcomeTag = "clientsidelb.outcome";
    private const string Success = "success";
    private const string Failure = "failure";

    private readonly ConcurrentDictionary<(string Client, string Service, string Endpoint), EndpointTraffic> _traffic = new();
    private readonly MeterListener _listener;
    private readonly TimeProvider _time;

    /// <param name="meters">The container's meter factory. Meters of other containers in the process are ignored.</param>
    /// <param name="time">The clock.</param>
    internal TrafficMonitor(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == AttemptDuration && instrument.Meter.Name == Meter && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
        _listener.Start();
    }

    /// <summary>Gets the number of the running second.</summary>
    internal long CurrentSecond => _time.GetTimestamp() / _time.TimestampFrequency;

    /// <summary>Gets the number of endpoints whose traffic is kept.</summary>
    internal int EndpointCount => _traffic.Count;

    /// <summary>Reads the clock: the running second, and the time from the begin of the figures' window until now, in seconds.</summary>
    internal (long Second, double WindowLength) ReadClock()
    {
        var (second, ticks) = Math.DivRem(_time.GetTimestamp(), _time.TimestampFrequency);
        return (second, EndpointTraffic.Window - 1 + ((double)ticks / _time.TimestampFrequency));
    }

    /// <summary>Reads the recent traffic of an endpoint.</summary>
    /// <param name="client">The name of the client.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="endpoint">The name of the endpoint in metrics.</param>
    /// <param name="now">The running second.</param>
    internal TrafficSummary Read(string client, string service, string endpoint, long now) =>
        _traffic.TryGetValue((client, service, endpoint), out var traffic) ? traffic.Summarize(now) : TrafficSummary.None;

    public void Dispose() => _listener.Dispose();

    private void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? client = null, service = null, endpoint = null, outcome = null;
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case ClientTag:
                    client = value as string;
                    break;
                case ServiceTag:
                    service = value as string;
                    break;
                case EndpointTag:
                    endpoint = value as string;
                    break;
                case OutcomeTag:
                    outcome = value as string;
                    break;
            }
        }

        if (client is null || service is null || endpoint is null)
        {
            return;
        }

        var now = CurrentSecond;
        var key = (client, service, endpoint);
        if (!_traffic.TryGetValue(key, out var traffic))
        {
            // Each deployment brings new endpoints. The old ones are removed here, when a new one is added, so no timer is needed.
            RemoveIdle(now - EndpointTraffic.History);
            traffic = _traffic.GetOrAdd(key, static _ => new EndpointTraffic());
        }

        traffic.Add(now, outcome == Success ? TimeSpan.FromSeconds(seconds) : null, outcome == Failure);
    }

    private void RemoveIdle(long sinceSecond)
    {
        foreach (var entry in _traffic)
        {
            if (entry.Value.LatestSecond < sinceSecond)
            {
                _traffic.TryRemove(entry);
            }
        }
    }
}
