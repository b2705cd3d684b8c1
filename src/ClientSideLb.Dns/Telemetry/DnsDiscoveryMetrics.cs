using System.Diagnostics.Metrics;
using ClientSideLb.Shared;
using DnsClient;

namespace ClientSideLb.Dns.Telemetry;

/// <summary>The metrics of discovery by DNS. Thread-safe.</summary>
internal sealed class DnsDiscoveryMetrics(IMeterFactory meters) : DiscoveryMetrics(meters, DnsDiscoveryLog.Category, "DNS servers")
{
    internal const string RecordType = "dns.record.type";

    internal void RequestSent(QueryType type) => RequestSent(new KeyValuePair<string, object?>(RecordType, type.ToString()));
}
