using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClientSideLb;

/// <summary>Listens to the balancer's own metric of attempts, and keeps what went to each endpoint in the last minute.</summary>
internal sealed class TrafficMonitor : IDisposable
{
    private const string Meter = "ClientSideLb";
    private const string AttemptDuration = "clientsidelb.attempt.duration";
    private const string Client = "clientsidelb.client";
    private const string Service = "clientsidelb.service";
    private const string Endpoint = "clientsidelb.endpoint";
    private const string Outcome = "clientsidelb.outcome";
    private const string Success = "success";
    private const string Failure = "failure";

    private readonly ConcurrentDictionary<(string Client, string Service, string Endpoint), EndpointTraffic> _traffic = new();
    private readonly MeterListener _listener;
    private readonly TimeProvider _time;

    /// <param name="meters">The container's meters: those of another container are not listened to.</param>
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
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add(seconds, tags));
        _listener.Start();
    }

    /// <summary>Gets the second that is under way.</summary>
    internal long Now => _time.GetTimestamp() / _time.TimestampFrequency;

    /// <summary>Gets how many endpoints anything is kept of.</summary>
    internal int Count => _traffic.Count;

    /// <summary>Gets what went to an endpoint.</summary>
    /// <param name="client">The name of the client.</param>
    /// <param name="service">The name of the service.</param>
    /// <param name="endpoint">The endpoint, as it is called in metrics.</param>
    /// <param name="now">The second that is under way.</param>
    internal TrafficSummary Read(string client, string service, string endpoint, long now) =>
        _traffic.TryGetValue((client, service, endpoint), out var traffic) ? traffic.Read(now) : TrafficSummary.None;

    public void Dispose() => _listener.Dispose();

    private void Add(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? client = null, service = null, endpoint = null, outcome = null;
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case Client:
                    client = value as string;
                    break;
                case Service:
                    service = value as string;
                    break;
                case Endpoint:
                    endpoint = value as string;
                    break;
                case Outcome:
                    outcome = value as string;
                    break;
            }
        }

        if (client is null || service is null || endpoint is null)
        {
            return;
        }

        var now = Now;
        var key = (client, service, endpoint);
        if (!_traffic.TryGetValue(key, out var traffic))
        {
            // Endpoints come and go with each deployment. Those that are gone are forgotten when new ones come.
            Forget(now - EndpointTraffic.History);
            traffic = _traffic.GetOrAdd(key, static _ => new EndpointTraffic());
        }

        traffic.Add(now, outcome == Success ? TimeSpan.FromSeconds(seconds) : null, outcome == Failure);
    }

    private void Forget(long before)
    {
        foreach (var entry in _traffic)
        {
            if (entry.Value.Latest < before)
            {
                _traffic.TryRemove(entry);
            }
        }
    }
}
