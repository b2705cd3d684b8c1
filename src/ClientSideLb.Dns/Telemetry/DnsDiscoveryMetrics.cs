using System.Diagnostics.Metrics;
using DnsClient;

namespace ClientSideLb.Dns.Telemetry;

/// <summary>The instruments of one container, under the meter <c>ClientSideLb.Dns</c>.</summary>
internal sealed class DnsDiscoveryMetrics
{
    internal const string Meter = "ClientSideLb.Dns";

    private readonly Counter<long> _queries;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _errors;

    /// <param name="meter">The meter. The caller owns it.</param>
    /// <param name="observed">
    /// What is observed. Every meter of the process is in a static list until it is disposed, and must not keep alive a container that is dropped
    /// without that. So the reference is weak.
    /// </param>
    internal DnsDiscoveryMetrics(Meter meter, WeakReference<IObservedNames> observed)
    {
        _queries = meter.CreateCounter<long>("clientsidelb.dns.queries", "{query}", "Queries that were sent to DNS servers, by the type of the records.");
        _lookups = meter.CreateCounter<long>("clientsidelb.dns.lookups", "{lookup}", "Lookups of names, by their outcome. A lookup consists of one or more queries.");
        _errors = meter.CreateCounter<long>("clientsidelb.dns.errors", "{error}", "Queries that no server answered, or whose answer cannot be used.");
        meter.CreateObservableUpDownCounter("clientsidelb.dns.endpoints", () => Observe(observed), "{endpoint}", "Endpoints that are known of a name.");
    }

    internal void CountQuery(QueryType type) => _queries.Add(1, new KeyValuePair<string, object?>("dns.record.type", type.ToString()));

    internal void CountError(string error) => _errors.Add(1, new KeyValuePair<string, object?>("error.type", error));

    internal void CountLookup(string name, string outcome) => _lookups.Add(
        1, new KeyValuePair<string, object?>("dns.question.name", name), new KeyValuePair<string, object?>("clientsidelb.dns.outcome", outcome));

    private static IEnumerable<Measurement<int>> Observe(WeakReference<IObservedNames> observed) => observed.TryGetTarget(out var names)
        ? names.Counts.Select(static one => new Measurement<int>(one.Endpoints, new KeyValuePair<string, object?>("dns.question.name", one.Name)))
        : [];
}
