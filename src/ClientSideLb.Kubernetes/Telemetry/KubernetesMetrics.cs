using System.Diagnostics.Metrics;
using System.Reflection;

namespace ClientSideLb.Kubernetes.Telemetry;

/// <summary>The metrics of discovery in Kubernetes. Thread-safe.</summary>
internal sealed class KubernetesMetrics
{
    internal const string MeterName = "ClientSideLb.Kubernetes";
    internal const string Requests = "clientsidelb.kubernetes.requests";
    internal const string Events = "clientsidelb.kubernetes.events";
    internal const string Errors = "clientsidelb.kubernetes.errors";
    internal const string Queries = "clientsidelb.kubernetes.queries";
    internal const string Watches = "clientsidelb.kubernetes.watches";
    internal const string Endpoints = "clientsidelb.kubernetes.endpoints";

    internal const string Operation = "clientsidelb.kubernetes.operation";
    internal const string Outcome = "clientsidelb.outcome";
    internal const string ErrorType = "error.type";
    internal const string EventType = "clientsidelb.kubernetes.event.type";
    internal const string Namespace = "k8s.namespace.name";
    internal const string Service = "k8s.service.name";

    private static readonly string? Version =
        typeof(KubernetesMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _events;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _queries;

    internal KubernetesMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName, Version);
        _requests = _meter.CreateCounter<long>(Requests, "{request}", "Requests to the API server.");
        _events = _meter.CreateCounter<long>(Events, "{event}", "Events that watches have delivered.");
        _errors = _meter.CreateCounter<long>(Errors, "{error}", "Requests to the API server that failed, watches that broke off, and objects that could not be read.");
        _queries = _meter.CreateCounter<long>(Queries, "{query}", "Queries of service discovery for the endpoints of a service.");
    }

    /// <summary>Adds the metrics that are read when they are collected.</summary>
    /// <param name="read">Reads the watched services, and the number of endpoints of each.</param>
    internal void Observe(Func<IEnumerable<(string Namespace, string Service, int Endpoints)>> read)
    {
        _meter.CreateObservableUpDownCounter(
            Watches, () => read().Count(), "{service}", "Services that are watched.");
        _meter.CreateObservableUpDownCounter(
            Endpoints,
            () => read().Select(static one => new Measurement<int>(
                one.Endpoints, new KeyValuePair<string, object?>(Namespace, one.Namespace), new KeyValuePair<string, object?>(Service, one.Service))),
            "{endpoint}",
            "Endpoints in the slices of a watched service, whatever their state.");
    }

    internal void RequestSent(string operation) => _requests.Add(1, new KeyValuePair<string, object?>(Operation, operation));

    internal void EventReceived(string type) => _events.Add(1, new KeyValuePair<string, object?>(EventType, type));

    internal void Failed(string operation, string type) =>
        _errors.Add(1, new KeyValuePair<string, object?>(Operation, operation), new KeyValuePair<string, object?>(ErrorType, type));

    internal void Queried(string outcome) => _queries.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));
}
