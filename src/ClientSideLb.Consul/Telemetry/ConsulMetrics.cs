using System.Diagnostics.Metrics;
using System.Reflection;
using ClientSideLb.Consul.Names;

namespace ClientSideLb.Consul.Telemetry;

/// <summary>The metrics of discovery in Consul. Thread-safe.</summary>
internal sealed class ConsulMetrics
{
    internal const string MeterName = "ClientSideLb.Consul";
    internal const string Requests = "clientsidelb.consul.requests";
    internal const string Answers = "clientsidelb.consul.answers";
    internal const string Errors = "clientsidelb.consul.errors";
    internal const string Queries = "clientsidelb.consul.queries";
    internal const string Watches = "clientsidelb.consul.watches";
    internal const string Endpoints = "clientsidelb.consul.endpoints";

    internal const string Service = "clientsidelb.consul.service";
    internal const string Outcome = "clientsidelb.outcome";
    internal const string ErrorType = "error.type";

    private static readonly string? Version =
        typeof(ConsulMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _queries;

    internal ConsulMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName, Version);
        _requests = _meter.CreateCounter<long>(Requests, "{request}", "Requests to Consul.");
        _answers = _meter.CreateCounter<long>(Answers, "{answer}", "Answers of Consul that could be used, by whether they changed what is known.");
        _errors = _meter.CreateCounter<long>(Errors, "{error}", "Requests to Consul that failed, or whose answer could not be used.");
        _queries = _meter.CreateCounter<long>(Queries, "{query}", "Queries of service discovery for the endpoints of a service.");
    }

    /// <summary>Adds the metrics that are read when they are collected.</summary>
    /// <param name="read">Reads the watched services, and the number of endpoints of each.</param>
    internal void Observe(Func<IEnumerable<(ConsulServiceName Service, int Endpoints)>> read)
    {
        _meter.CreateObservableUpDownCounter(Watches, () => read().Count(), "{service}", "Services that are watched.");
        _meter.CreateObservableUpDownCounter(
            Endpoints,
            () => read().Select(static one => new Measurement<int>(one.Endpoints, new KeyValuePair<string, object?>(Service, one.Service.ToString()))),
            "{endpoint}",
            "Endpoints of a watched service, whatever their health.");
    }

    internal void RequestSent() => _requests.Add(1);

    internal void Answered(bool changed) => _answers.Add(1, new KeyValuePair<string, object?>(Outcome, changed ? "changed" : "unchanged"));

    internal void Failed(string type) => _errors.Add(1, new KeyValuePair<string, object?>(ErrorType, type));

    internal void Queried(string outcome) => _queries.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));
}
