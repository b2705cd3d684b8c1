using System.Diagnostics.Metrics;
using ClientSideLb.Shared;

namespace ClientSideLb.Kubernetes.Telemetry;

/// <summary>The metrics of discovery in Kubernetes. Thread-safe.</summary>
internal sealed class KubernetesMetrics : DiscoveryMetrics
{
    internal const string Operation = "clientsidelb.kubernetes.operation";
    internal const string EventType = "clientsidelb.kubernetes.event.type";

    private readonly Counter<long> _events;

    internal KubernetesMetrics(IMeterFactory meters)
        : base(meters, KubernetesLog.Category, "the API server") =>
        _events = Meter.CreateCounter<long>("clientsidelb.kubernetes.events", "{event}", "Events that watches have delivered.");

    internal void RequestSent(string operation) => RequestSent(new KeyValuePair<string, object?>(Operation, operation));

    internal void EventReceived(string type) => _events.Add(1, new KeyValuePair<string, object?>(EventType, type));

    internal void Failed(string type, string operation) => Failed(type, new KeyValuePair<string, object?>(Operation, operation));
}
